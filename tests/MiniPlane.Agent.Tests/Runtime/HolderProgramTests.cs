using System.Diagnostics;
using MiniPlane.Agent.Runtime;

namespace MiniPlane.Agent.Tests.Runtime;

/// <summary>The holder as a program of its own, outside of a container.</summary>
public sealed class HolderProgramTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("mp-holder").FullName;

    [Fact]
    public async Task It_puts_things_in_their_places_and_tells_the_accounts()
    {
        string link = Path.Combine(_directory, "link");
        using Process holder = Start("/the/target", link);

        HolderReport? report = await HolderReport.ReadAsync(holder.StandardOutput.BaseStream, default);

        Assert.NotNull(report);
        Assert.True(report.IsBound);
        Assert.Equal(await File.ReadAllTextAsync("/etc/passwd"), await report.Accounts);
        Assert.Equal("/the/target", new FileInfo(link).LinkTarget);
        Assert.False(holder.HasExited);
        holder.StandardInput.Close();
        await holder.WaitForExitAsync();
        Assert.Equal(0, holder.ExitCode);
    }

    [Fact]
    public async Task It_tells_that_something_is_in_no_place()
    {
        using Process holder = Start("/the/target", Path.Combine(_directory, "no", "such", "directory"));

        HolderReport? report = await HolderReport.ReadAsync(holder.StandardOutput.BaseStream, default);

        Assert.False(report?.IsBound);
        holder.StandardInput.Close();
        await holder.WaitForExitAsync();
    }

    [Fact]
    public async Task One_that_never_ran_says_nothing()
    {
        Assert.Null(await HolderReport.ReadAsync(Stream.Null, default));
    }

    [Fact]
    public async Task Accounts_may_be_long_and_end_where_the_container_is_closed()
    {
        using MemoryStream said = new([HolderProgram.Ready, .. new string('a', 20_000).Select(c => (byte)c)]);

        HolderReport? report = await HolderReport.ReadAsync(said, default);

        Assert.NotNull(report);
        Assert.Equal(20_000, (await report.Accounts).Length);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private Process Start(params string[] arguments)
    {
        string file = Path.Combine(_directory, HolderProgram.Name);
        HolderProgram.WriteTo(file);

        // A copy that no process but cp has had open for writing: one that other tests start at this moment may have the first one open.
        ProcessStartInfo info = new("/bin/sh", ["-c", "cp \"$0\" \"$0.copy\" && exec \"$0.copy\" \"$@\"", file, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        return Process.Start(info) ?? throw new InvalidOperationException("the holder was not started");
    }
}
