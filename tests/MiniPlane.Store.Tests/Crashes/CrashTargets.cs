using Microsoft.Extensions.Logging.Abstractions;
using MiniPlane.Store.Revisions;
using MiniPlane.Store.Sqlite;

namespace MiniPlane.Store.Tests.Crashes;

/// <summary>The durable stores that are built in.</summary>
internal static class CrashTargets
{
    private static readonly CrashTarget[] All =
    [
        new()
        {
            Name = "sqlite",
            Open = OpenSqlite,
            Record = (directory, log) => (RecordingVfs.Start(directory, log), OpenSqlite),
        },
#if LITEDB
        LiteDb.LiteDbTesting.CrashTarget,
#endif
    ];

    public static TheoryData<string> Names => [.. All.Select(target => target.Name)];

    public static CrashTarget Find(string name) => All.Single(target => target.Name == name);

    /// <summary>Set up so that in a short life it compacts, checkpoints and rests often.</summary>
    public static StoreOptions Options(string path) => new()
    {
        Path = path,
        ChangeLogLength = 200,
        BatchLength = 16,
        RestAfter = TimeSpan.FromMilliseconds(2),
    };

    private static IRevisionStore OpenSqlite(StoreOptions options) => SqliteRevisionStore.Open(options, NullLoggerFactory.Instance);
}
