using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using MiniPlane.Store.Revisions;
using MiniPlane.Store.Sqlite;
using MiniPlane.Testing;
using static MiniPlane.Store.Tests.StoreTesting;

namespace MiniPlane.Store.Tests.Sqlite;

/// <summary>
/// How large the files get. <c>MINIPLANE_STORE_UPDATES</c> sets the number of updates; by hand it was run with 1 000 000, see
/// docs/performance.md.
/// </summary>
public sealed class SqliteRoomTests : IDisposable
{
    private const int Objects = 1000;
    private const int Writers = 64;

    private static readonly int Updates = int.Parse(
        Environment.GetEnvironmentVariable("MINIPLANE_STORE_UPDATES") ?? "40000", CultureInfo.InvariantCulture);

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task However_often_objects_are_updated_the_files_stay_within_three_times_the_live_data()
    {
        await using IRevisionStore store = Open();
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => UpdateAsync(store, writer)));

        long live = store.Read("pods").Range(null, null).Sum(document => document.Utf8.Length);

        Assert.Equal(1 + Objects + Updates, store.Revision);
        await Eventually.TrueAsync(() => Size() <= 3 * live, $"the files hold {Size()} bytes for {live} live ones");
    }

    [Fact]
    public async Task Room_of_deleted_objects_is_given_back()
    {
        await using IRevisionStore store = Open();
        WriteOutcome[] made = await Task.WhenAll(
            Enumerable.Range(0, Objects).Select(i => PutAsync(store, Pod($"p{i}"), 0, new string('v', 10_000))));
        long full = Size();
        await Task.WhenAll(made.OfType<WriteOutcome.Written>().Skip(10).Select(
            one => DeleteAsync(store, Pod(one.Document.Metadata.Name), one.Document.Revision)));

        await Eventually.TrueAsync(() => Size() < full / 5, $"the files hold {Size()} of {full} bytes");
    }

    private static async Task UpdateAsync(IRevisionStore store, int writer)
    {
        string value = new('v', 1200);
        string[] names = [.. Enumerable.Range(0, Objects).Where(i => i % Writers == writer).Select(i => $"p{i}")];
        var revisions = new long[names.Length];
        int rounds = (Updates / Writers) + (writer < Updates % Writers ? 1 : 0) + names.Length;
        for (int i = 0; i < rounds; i++)
        {
            int one = i % names.Length;
            revisions[one] = await WrittenAsync(PutAsync(store, Pod(names[one]), revisions[one], value));
        }
    }

    private long Size() => Directory.GetFiles(_directory.Path).Sum(file => new FileInfo(file).Length);

    private IRevisionStore Open() => SqliteRevisionStore.Open(
        new StoreOptions { Path = _directory.File("store.db"), RestAfter = TimeSpan.FromMilliseconds(100) }, NullLoggerFactory.Instance);
}
