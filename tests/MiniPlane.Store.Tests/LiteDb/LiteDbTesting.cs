using Microsoft.Extensions.Logging.Abstractions;
using MiniPlane.Store.LiteDb;
using MiniPlane.Store.Revisions;
using MiniPlane.Store.Tests.Crashes;

namespace MiniPlane.Store.Tests.LiteDb;

/// <summary>The LiteDB store as the shared tests see it.</summary>
internal static class LiteDbTesting
{
    public static CrashTarget CrashTarget { get; } = new()
    {
        Name = "litedb",
        Open = Open,
        Record = (_, log) =>
        {
            var trace = new LoggedTrace(log);
            return (trace, options => LiteDbRevisionStore.Open(options, trace, NullLoggerFactory.Instance));
        },
    };

    public static IRevisionStore Open(StoreOptions options) => LiteDbRevisionStore.Open(options, NullLoggerFactory.Instance);

    private sealed class LoggedTrace(DiskLog log) : FileTrace, IDisposable
    {
        public override void Wrote(string path, long offset, ReadOnlySpan<byte> bytes) => log.Write(Path.GetFileName(path), offset, bytes);

        public override void Truncated(string path, long length) => log.Truncate(Path.GetFileName(path), length);

        public override void Synced(string path) => log.Sync(Path.GetFileName(path));

        public override void Moved(string from, string to) => log.Move(Path.GetFileName(from), Path.GetFileName(to));

        public void Dispose()
        {
        }
    }
}
