using Microsoft.Extensions.Logging.Abstractions;
using MiniPlane.CommandLine;
using MiniPlane.Hosting;
using MiniPlane.Snapshots;
using MiniPlane.Store;
using MiniPlane.Store.Revisions;
using MiniPlane.Store.Sqlite;
using Spectre.Console;

namespace MiniPlane.Integration.Tests.CommandLine;

public sealed class SnapshotCommandTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly SharedText _output = new();
    private readonly SharedText _errors = new();
    private readonly string _root = Directory.CreateTempSubdirectory("miniplane-snapshot").FullName;

    private string Cluster => Path.Combine(_root, "cluster");

    private string File1 => Path.Combine(_root, "one.snapshot");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task A_running_cluster_is_saved_and_comes_back_elsewhere_with_its_keys_and_a_higher_revision()
    {
        using var stop = new CancellationTokenSource();
        Task running = ControlPlane.RunAsync(Options(), Terminal(), stop.Token);
        await UntilReadyAsync(running);

        Assert.Equal(ExitCodes.Success, await RunAsync("save", File1, "--data-dir", Cluster));

        await stop.CancelAsync();
        await running.WaitAsync(Patience, CancellationToken.None);
        string other = Path.Combine(_root, "other");
        Assert.Equal(ExitCodes.Success, await RunAsync("verify", File1));
        Assert.Equal(ExitCodes.Success, await RunAsync("restore", File1, "--data-dir", other));
        Assert.Equal(ExitCodes.Success, await RunAsync("verify", "--data-dir", other));
        foreach (string name in (string[])["pki/ca.key", "pki/sa.key", "cluster-id"])
        {
            Assert.Equal(
                await File.ReadAllBytesAsync(Path.Combine(Cluster, name), CancellationToken.None),
                await File.ReadAllBytesAsync(Path.Combine(other, name), CancellationToken.None));
        }

        await using IRevisionStore store = SqliteRevisionStore.Open(
            new StoreOptions { Path = SnapshotFiles.StoreFile(other) }, NullLoggerFactory.Instance);
        Assert.True(store.Revision > 1_000_000_000);
        Assert.Contains(store.Read("namespaces").Range(null, null), one => one.Metadata.Name == "kube-system");
    }

    [Fact]
    public async Task A_store_that_is_there_is_replaced_only_when_asked_and_then_kept_aside()
    {
        await MakeStoreAsync();
        Assert.Equal(ExitCodes.Success, await RunAsync("save", File1, "--data-dir", Cluster));

        Assert.Equal(ExitCodes.Failure, await RunAsync("restore", File1, "--data-dir", Cluster));
        Assert.Contains("--replace", _errors.ToString(), StringComparison.Ordinal);

        Assert.Equal(ExitCodes.Success, await RunAsync("restore", File1, "--data-dir", Cluster, "--replace"));
        string aside = Assert.Single(Directory.GetDirectories(Cluster, "store.replaced-*"));
        Assert.True(File.Exists(Path.Combine(aside, StoreFormats.Sqlite.FileName)));
    }

    [Fact]
    public async Task A_damaged_store_is_told_by_its_exit_code_and_the_command_it_names_helps()
    {
        await MakeStoreAsync();
        Assert.Equal(ExitCodes.Success, await RunAsync("save", "--data-dir", Cluster));
        await File.WriteAllBytesAsync(SnapshotFiles.StoreFile(Cluster), new byte[9000]);

        Assert.Equal(ExitCodes.Damaged, await RunAsync("verify", "--data-dir", Cluster));
        string command = Assert.Single(_errors.ToString().Split('\n'), line => line.TrimStart().StartsWith("miniplane ", StringComparison.Ordinal));

        Assert.Equal(ExitCodes.Success, await RunAsync(command.Trim().Split(' ')[2..]));
        Assert.Equal(ExitCodes.Success, await RunAsync("verify", "--data-dir", Cluster));
    }

    [Fact]
    public async Task A_damaged_snapshot_is_refused_and_nothing_is_left_behind()
    {
        await File.WriteAllTextAsync(File1, "no snapshot");

        Assert.Equal(ExitCodes.Damaged, await RunAsync("verify", File1));
        Assert.Equal(ExitCodes.Damaged, await RunAsync("restore", File1, "--data-dir", Cluster));
        Assert.False(Directory.Exists(SnapshotFiles.StoreDirectory(Cluster)));
    }

    [Fact]
    public async Task A_directory_without_a_cluster_is_told_from_an_empty_one()
    {
        Assert.Equal(ExitCodes.Failure, await RunAsync("save", File1, "--data-dir", Cluster));

        Assert.Contains("holds no cluster", _errors.ToString(), StringComparison.Ordinal);
        Assert.False(File.Exists(File1));
    }

    private async Task MakeStoreAsync()
    {
        await using IRevisionStore store = SqliteRevisionStore.Open(
            new StoreOptions { Path = SnapshotFiles.StoreFile(Cluster) }, NullLoggerFactory.Instance);
    }

    private async Task UntilReadyAsync(Task running)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!_output.ToString().Contains("is ready", StringComparison.Ordinal))
        {
            Assert.False(running.IsCompleted, running.Exception?.ToString() ?? "The server ended.");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
        }
    }

    private Task<int> RunAsync(params string[] arguments) =>
        SnapshotCommand.Create(Terminal()).Parse(arguments).InvokeAsync();

    private Terminal Terminal() => new(
        AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(TextWriter.Null) }),
        _output,
        _errors);

    private UpOptions Options() => UpOptions.From(MiniPlane.Configuration.SettingsReader.Read(
        setting => setting.Name switch
        {
            "data-dir" => Cluster,
            "backend" => "sim",
            "bind" => "127.0.0.1",
            _ => null,
        },
        _ => null));
}
