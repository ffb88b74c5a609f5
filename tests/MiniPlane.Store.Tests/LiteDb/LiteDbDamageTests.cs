using LiteDB;
using LiteDB.Engine;
using MiniPlane.Store.Revisions;
using static MiniPlane.Store.Tests.StoreTesting;

namespace MiniPlane.Store.Tests.LiteDb;

public sealed class LiteDbDamageTests : IDisposable
{
    private const string Restore = "miniplane snapshot restore --data-dir /d --replace /d/snapshots/newest.snap";

    private readonly TemporaryDirectory _directory = new();

    private string DataFile => _directory.File("store.litedb");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task One_changed_byte_in_an_object_is_found_and_the_message_says_what_to_type()
    {
        await FillAsync("needle");
        byte[] content = await File.ReadAllBytesAsync(DataFile);
        int place = content.AsSpan().IndexOf("needle"u8);
        content[place] = (byte)'N';
        await File.WriteAllBytesAsync(DataFile, content);

        string message = Refusal().Message;

        Assert.Contains("does not fit its checksum", message, StringComparison.Ordinal);
        Assert.Contains(Restore, message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_that_went_missing_are_found()
    {
        await FillAsync("value");
        Change(engine => engine.DeleteMany("cur", BsonExpression.Create("r > 150")));

        Assert.Contains("parts of it are missing or old", Refusal().Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_a_newer_schema_is_refused_and_is_not_called_damaged()
    {
        await FillAsync("value");
        Change(engine => engine.UpdateMany("meta", BsonExpression.Create("{schema: 99}"), null));

        StoreUnusableException refusal = Refusal();

        Assert.Contains("newer MiniPlane (schema", refusal.Message, StringComparison.Ordinal);
        Assert.False(refusal.IsDamage);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(9)]
    public async Task Pages_of_rubbish_are_found(int page)
    {
        await FillAsync(new string('v', 900));
        await using (FileStream file = File.OpenWrite(DataFile))
        {
            file.Seek(page * 8192, SeekOrigin.Begin);
            await file.WriteAsync(Enumerable.Repeat((byte)0x5a, 8192).ToArray());
        }

        Assert.True(Refusal().IsDamage);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8192 * 5)]
    public async Task A_file_that_was_cut_short_is_found(int lost)
    {
        await FillAsync(new string('v', 900));
        await using (FileStream file = File.OpenWrite(DataFile))
        {
            file.SetLength(file.Length - lost);
        }

        Assert.Contains(Restore, Refusal().Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_without_its_data_file_is_refused()
    {
        await FillAsync("value");
        File.Delete(DataFile);

        Assert.Contains("only its log is there", Refusal().Message, StringComparison.Ordinal);
    }

    private async Task FillAsync(string value)
    {
        await using IRevisionStore store = Open();
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => PutAsync(store, Pod($"p{i}"), 0, value)));
    }

    private void Change(Action<LiteEngine> change)
    {
        using var engine = new LiteEngine(new EngineSettings { Filename = DataFile, Collation = Collation.Binary });
        change(engine);
        engine.Checkpoint();
    }

    private StoreUnusableException Refusal() => Assert.Throws<StoreUnusableException>(Open);

    private IRevisionStore Open() => LiteDbTesting.Open(new StoreOptions { Path = DataFile, RestoreCommand = Restore });
}
