using MiniPlane.Configuration;
using MiniPlane.Store;
using MiniPlane.Store.Snapshots;
using MiniPlane.Store.Sqlite;
#if LITEDB
using MiniPlane.Store.LiteDb;
#endif

namespace MiniPlane.Snapshots;

/// <summary>The kinds of file that a cluster may be kept in, those that this program was built without too: it must know them to refuse them.</summary>
internal static class StoreFormats
{
    public static readonly StoreFormat Sqlite = new()
    {
        Name = "sqlite",
        FileName = "miniplane.db",
        Open = SqliteRevisionStore.Open,
        Restore = SnapshotRestore.IntoSqlite,
    };

    public static readonly StoreFormat LiteDb = new()
    {
        Name = "litedb",
        FileName = "miniplane.litedb",
#if LITEDB
        Open = LiteDbRevisionStore.Open,
        Restore = LiteDbRevisionStore.Restore,
#else
        IsBuiltIn = false,
        Open = (_, _) => throw new StoreUnusableException(NotBuiltIn, null),
        Restore = (_, _) => throw new StoreUnusableException(NotBuiltIn, null),
#endif
    };

    private const string NotBuiltIn =
        "this program was built without LiteDB. Build it with: dotnet build src/MiniPlane -c Release -p:LiteDb=true "
        + "-p:LiteDbSource=DIRECTORY-WITH-THE-PACKAGE (README.md, section LiteDB), or use --store sqlite";

    private static readonly StoreFormat[] All = [Sqlite, LiteDb];

    /// <summary>By its name. Throws <see cref="SettingException"/> for one that is not built in.</summary>
    public static StoreFormat Find(string name)
    {
        StoreFormat format = All.FirstOrDefault(one => one.Name == name)
            ?? throw new SettingException($"store: '{name}' is no way to keep a store; use {string.Join(" or ", All.Select(one => one.Name))}");
        return format.IsBuiltIn ? format : throw new SettingException($"store: {NotBuiltIn}");
    }

    /// <summary>What a data directory's store is kept in; null when there is none.</summary>
    public static StoreFormat? Stored(string dataDirectory) =>
        All.FirstOrDefault(format => File.Exists(Path.Combine(SnapshotFiles.StoreDirectory(dataDirectory), format.FileName)));

    /// <summary>The same, for a start that wants this format: what is there in another is not taken for nothing.</summary>
    public static StoreFormat Require(StoreFormat wanted, string dataDirectory) => Stored(dataDirectory) is { } stored && stored != wanted
        ? throw new StoreUnusableException(
            $"{SnapshotFiles.StoreDirectory(dataDirectory)} holds a {stored.Name} store, not a {wanted.Name} one. Start it with --store {stored.Name}, or move it over:\n"
                + $"  miniplane snapshot save --data-dir {dataDirectory} FILE\n"
                + $"  miniplane snapshot restore --data-dir {dataDirectory} --replace --store {wanted.Name} FILE",
            null)
        : wanted;

    /// <summary>By the name of its file.</summary>
    public static StoreFormat OfFile(string path) => All.Single(format => format.FileName == Path.GetFileName(path));
}
