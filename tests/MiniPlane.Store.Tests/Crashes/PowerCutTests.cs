using System.Globalization;
using MiniPlane.Store.Revisions;
using static MiniPlane.Store.Tests.StoreTesting;

namespace MiniPlane.Store.Tests.Crashes;

/// <summary>
/// A load is run once while everything it does to its files is noted (by <see cref="RecordingVfs"/> for SQLite); then the power goes off at random
/// moments of that recording, with what a disk may make of it (<see cref="DiskLog"/>), and the store is opened on the result.
/// <c>MINIPLANE_STORE_POWER_CUTS</c> sets how often; by hand it was run with 1 000, see docs/performance.md.
/// </summary>
public sealed class PowerCutTests : IDisposable
{
    private const int Writers = 4;

    private static readonly int Cuts = int.Parse(
        Environment.GetEnvironmentVariable("MINIPLANE_STORE_POWER_CUTS") ?? "40", CultureInfo.InvariantCulture);

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [MemberData(nameof(CrashTargets.Names), MemberType = typeof(CrashTargets))]
    public async Task Whenever_the_power_goes_off_every_acknowledged_write_is_there_and_none_is_half(string name)
    {
        CrashTarget target = CrashTargets.Find(name);
        DiskLog log = await RecordAsync(target);
        var random = new Random(42);
        for (int cut = 0; cut < Cuts; cut++)
        {
            int end = random.Next(1, log.Count + 1);
            (Dictionary<string, byte[]> files, WriteLedger ledger) = log.CutAt(end, random);
            string place = Directory.CreateDirectory(_directory.File($"cut{cut}")).FullName;
            foreach ((string file, byte[] content) in files)
            {
                await File.WriteAllBytesAsync(Path.Combine(place, file), content);
            }

            await CheckAsync(target, Path.Combine(place, "store.db"), ledger, $"cut {cut} at {end} of {log.Count} ({log.Describe(end)}); {string.Join(' ', files.Select(one => $"{one.Key}:{one.Value.Length}"))}");
            Directory.Delete(place, recursive: true);
        }
    }

    [Theory]
    [MemberData(nameof(CrashTargets.Names), MemberType = typeof(CrashTargets))]
    public async Task The_simulation_finds_a_store_that_does_not_sync(string name)
    {
        CrashTarget target = CrashTargets.Find(name);
        DiskLog log = await RecordAsync(target);
        int lost = 0;
        for (int cut = 0; cut < 20; cut++)
        {
            (Dictionary<string, byte[]> files, WriteLedger ledger) = log.WithoutSyncs().CutAt(log.Count * (cut + 1) / 20, new Random(cut));
            string place = Directory.CreateDirectory(_directory.File($"cut{cut}")).FullName;
            foreach ((string file, byte[] content) in files)
            {
                await File.WriteAllBytesAsync(Path.Combine(place, file), content);
            }

            try
            {
                await CheckAsync(target, Path.Combine(place, "store.db"), ledger, "");
            }
            catch (Xunit.Sdk.XunitException)
            {
                lost++;
            }
        }

        Assert.InRange(lost, 5, 20);
    }

    private static async Task CheckAsync(CrashTarget target, string path, WriteLedger ledger, string cut)
    {
        try
        {
            await using (IRevisionStore store = target.Open(CrashTargets.Options(path)))
            {
                await ledger.CheckAsync(store);
                await WrittenAsync(PutAsync(store, Pod("after"), 0));
            }

            await using IRevisionStore again = target.Open(CrashTargets.Options(path));
            Assert.NotNull(again.Find(Pod("after")));
        }
        catch (StoreUnusableException exception)
        {
            Assert.Fail($"{cut}: {exception.Message}");
        }
    }

    /// <summary>Two lives of the store, so that closing and opening are in the recording too.</summary>
    private async Task<DiskLog> RecordAsync(CrashTarget target)
    {
        var log = new DiskLog();
        string directory = Directory.CreateDirectory(_directory.File("recorded")).FullName;
        (IDisposable recording, Func<StoreOptions, IRevisionStore> open) = target.Record(directory, log);
        using IDisposable ended = recording;
        for (int life = 0; life < 2; life++)
        {
            await using IRevisionStore store = open(CrashTargets.Options(Path.Combine(directory, "store.db")));
            await Task.WhenAll(Enumerable.Range(0, Writers).Select(number => new LoadWriter(
                store,
                number,
                life,
                (key, content) => log.Note(ledger => ledger.Intend(key, content is { } one ? WriteLedger.Content(one) : null)),
                (key, revision) => log.Note(ledger => ledger.Acknowledge(key, revision)))
                .RunAsync(150, CancellationToken.None)));
        }

        return log;
    }
}
