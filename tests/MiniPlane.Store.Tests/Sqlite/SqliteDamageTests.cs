using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using MiniPlane.Store.Revisions;
using MiniPlane.Store.Sqlite;
using static MiniPlane.Store.Tests.StoreTesting;

namespace MiniPlane.Store.Tests.Sqlite;

public sealed class SqliteDamageTests : IDisposable
{
    private const string Restore = "miniplane snapshot restore --data-dir /d --replace /d/snapshots/newest.snap";

    private readonly TemporaryDirectory _directory = new();

    private string DataFile => _directory.File("store.db");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task One_changed_bit_in_an_object_is_found_and_the_message_says_what_to_type()
    {
        await using (IRevisionStore store = Open())
        {
            await WrittenAsync(PutAsync(store, Pod("a"), 0, "needle"));
        }

        await ReplaceBytesAsync(DataFile, "needle"u8.ToArray(), "noodle"u8.ToArray());

        string message = Refusal();

        Assert.Contains("does not fit its checksum", message, StringComparison.Ordinal);
        Assert.Contains(Restore, message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_object_under_another_name_is_found()
    {
        await FillAsync("value");
        Execute("UPDATE object SET name = 'p0' || name WHERE name = 'p7'");

        Assert.Contains("does not fit its checksum", Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DELETE FROM object WHERE name = 'p7'")]
    [InlineData("DELETE FROM object WHERE name > 'p5'")]
    public async Task A_row_that_went_missing_is_found(string damage)
    {
        await FillAsync("value");
        Execute(damage);

        Assert.Contains("parts of it are missing or old", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_row_that_came_back_from_the_past_is_found()
    {
        await FillAsync("value");
        Execute("CREATE TABLE past AS SELECT * FROM object WHERE name = 'p7'");
        await using (IRevisionStore store = Open())
        {
            await WrittenAsync(PutAsync(store, Pod("p7"), store.Find(Pod("p7"))?.Revision ?? 0, "later"));
        }

        Execute(
            "UPDATE object SET (revision, value, sum) = (SELECT revision, value, sum FROM past) WHERE name = 'p7'; DROP TABLE past");

        Assert.Contains("parts of it are missing or old", Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4096 * 3)]
    [InlineData(4096 * 20)]
    public async Task A_file_that_was_cut_short_is_found(int lost)
    {
        await FillAsync(new string('v', 900));
        await using (FileStream file = File.OpenWrite(DataFile))
        {
            file.SetLength(file.Length - lost);
        }

        Assert.Contains(Restore, Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Damage_in_the_middle_of_the_write_ahead_log_is_found_and_acknowledged_writes_are_not_dropped_in_silence()
    {
        string copy = await CopyOfUncleanEndAsync();
        await ReplaceBytesAsync(copy + "-wal", "needle-3"u8.ToArray(), "noodle-3"u8.ToArray());

        string message = Refusal(copy);

        Assert.Contains("write-ahead log is damaged", message, StringComparison.Ordinal);
        Assert.Contains(Restore, message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_write_ahead_log_with_a_torn_end_loses_only_what_was_not_synced()
    {
        string copy = await CopyOfUncleanEndAsync();
        await using (FileStream log = File.OpenWrite(copy + "-wal"))
        {
            log.SetLength(log.Length - 100);
        }

        await using IRevisionStore store = Open(copy);

        Assert.Equal(9, store.Read("pods").Count);
        Assert.Equal(10, store.Revision);
    }

    [Fact]
    public async Task A_sound_write_ahead_log_of_a_killed_process_is_taken()
    {
        string copy = await CopyOfUncleanEndAsync();

        await using IRevisionStore store = Open(copy);

        Assert.Equal(10, store.Read("pods").Count);
    }

    /// <summary>The files as a process that was killed leaves them: copied while the store is open.</summary>
    private async Task<string> CopyOfUncleanEndAsync()
    {
        string copy = _directory.File("copy.db");
        await using IRevisionStore store = Open();
        for (int i = 0; i < 10; i++)
        {
            await WrittenAsync(PutAsync(store, Pod($"p{i}"), 0, $"needle-{i}"));
        }

        File.Copy(DataFile, copy);
        File.Copy(DataFile + "-wal", copy + "-wal");
        return copy;
    }

    private async Task FillAsync(string value)
    {
        await using IRevisionStore store = Open();
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => PutAsync(store, Pod($"p{i}"), 0, value)));
    }

    private static async Task ReplaceBytesAsync(string file, byte[] from, byte[] to)
    {
        byte[] content = await File.ReadAllBytesAsync(file);
        int place = content.AsSpan().IndexOf(from);
        Assert.True(place > 0);
        to.CopyTo(content, place);
        await File.WriteAllBytesAsync(file, content);
    }

    private string Refusal(string? file = null) => Assert.Throws<StoreUnusableException>(() => Open(file)).Message;

    private IRevisionStore Open(string? file = null) => SqliteRevisionStore.Open(
        new StoreOptions { Path = file ?? DataFile, RestoreCommand = Restore, RestAfter = TimeSpan.FromHours(1) },
        NullLoggerFactory.Instance);

    private void Execute(string sql)
    {
        using SqliteConnection connection = SqliteFile.Open(DataFile, 0);
        SqliteFile.Execute(connection, sql);
    }
}
