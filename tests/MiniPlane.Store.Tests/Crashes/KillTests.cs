using System.Diagnostics;
using System.Globalization;
using MiniPlane.Store.Revisions;

namespace MiniPlane.Store.Tests.Crashes;

/// <summary>
/// A process under load is killed (SIGKILL) at random points, again and again on the same files. <c>MINIPLANE_STORE_KILLS</c> sets how
/// often; by hand it was run with 500, see docs/performance.md.
/// </summary>
public sealed class KillTests : IDisposable
{
    private static readonly int Kills = int.Parse(
        Environment.GetEnvironmentVariable("MINIPLANE_STORE_KILLS") ?? "8", CultureInfo.InvariantCulture);

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [MemberData(nameof(CrashTargets.Names), MemberType = typeof(CrashTargets))]
    public async Task After_kill_9_every_acknowledged_write_is_there_none_is_half_and_watchers_resume_or_list_again(string target)
    {
        var ledger = new WriteLedger();
        var random = new Random(20_26);
        int acknowledged = 0;
        for (int kill = 0; kill < Kills; kill++)
        {
            acknowledged += await RunAndKillAsync(target, ledger, kill, random.Next(0, 250));
            await using IRevisionStore store = CrashTargets.Find(target).Open(CrashTargets.Options(_directory.File("store.db")));
            await ledger.CheckAsync(store);
        }

        Assert.True(acknowledged >= Kills, $"only {acknowledged} writes in {Kills} lives");
    }

    private async Task<int> RunAndKillAsync(string target, WriteLedger ledger, int seed, int milliseconds)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, UseShellExecute = false };
        start.ArgumentList.Add(typeof(KillTests).Assembly.Location);
        start.ArgumentList.Add(target);
        start.ArgumentList.Add(_directory.File("store.db"));
        start.ArgumentList.Add(seed.ToString(CultureInfo.InvariantCulture));
        using Process process = Process.Start(start) ?? throw new InvalidOperationException("No process.");
        int acknowledged = 0;
        Task? kill = null;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            // The last line may be cut short.
            if (line.Split(' ') is not [string what, string key, string number] || !long.TryParse(number, CultureInfo.InvariantCulture, out long value))
            {
                continue;
            }

            if (what == "I")
            {
                ledger.Intend(key, value == 0 ? null : WriteLedger.Content((int)value));
                continue;
            }

            ledger.Acknowledge(key, value);
            acknowledged++;
            kill ??= KillAsync(process, milliseconds);
        }

        await (kill ?? throw new InvalidOperationException("The writer ended before it wrote anything."));
        await process.WaitForExitAsync();
        return acknowledged;
    }

    private static async Task KillAsync(Process process, int milliseconds)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(milliseconds), TimeProvider.System);
        process.Kill();
    }
}
