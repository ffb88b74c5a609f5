using Microsoft.Extensions.Logging.Abstractions;
using MiniPlane.Store.Revisions;
using MiniPlane.Store.Sqlite;

namespace MiniPlane.Store.Tests.Crashes;

/// <summary>The durable stores, set up so that in a short life they compact, checkpoint and rest often.</summary>
internal static class CrashTargets
{
    public static IRevisionStore Open(string path) => SqliteRevisionStore.Open(
        new StoreOptions
        {
            Path = path,
            ChangeLogLength = 200,
            BatchLength = 16,
            RestAfter = TimeSpan.FromMilliseconds(2),
        },
        NullLoggerFactory.Instance);
}
