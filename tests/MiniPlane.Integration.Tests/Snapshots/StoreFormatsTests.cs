using MiniPlane.Configuration;
using MiniPlane.Snapshots;
using MiniPlane.Store;

namespace MiniPlane.Integration.Tests.Snapshots;

public sealed class StoreFormatsTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("miniplane-formats-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void A_store_that_is_not_built_in_is_refused_with_the_way_to_build_it()
    {
        if (StoreFormats.LiteDb.IsBuiltIn)
        {
            Assert.Same(StoreFormats.LiteDb, StoreFormats.Find("litedb"));
            return;
        }

        string message = Assert.Throws<SettingException>(() => StoreFormats.Find("litedb")).Message;

        Assert.Contains("-p:LiteDb=true", message, StringComparison.Ordinal);
        Assert.Contains("--store sqlite", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_directory_with_another_kind_of_store_is_not_taken_for_an_empty_one()
    {
        string store = SnapshotFiles.StoreDirectory(_directory);
        Directory.CreateDirectory(store);
        Assert.Same(StoreFormats.Sqlite, StoreFormats.Require(StoreFormats.Sqlite, _directory));
        File.WriteAllText(Path.Combine(store, StoreFormats.LiteDb.FileName), "");

        string message = Assert.Throws<StoreUnusableException>(() => StoreFormats.Require(StoreFormats.Sqlite, _directory)).Message;

        Assert.Contains("holds a litedb store", message, StringComparison.Ordinal);
        Assert.Contains($"miniplane snapshot restore --data-dir {_directory} --replace --store sqlite FILE", message, StringComparison.Ordinal);
    }
}
