using MiniPlane.Store.LiteDb;

namespace MiniPlane.Store.Tests.LiteDb;

/// <summary>A disk that reports an error once, after some syncs went well.</summary>
internal sealed class FailingTrace : FileTrace
{
    /// <summary>How many more syncs go well; zero when none is to fail.</summary>
    public int FailAfterSyncs { get; set; }

    public override void Synced(string path)
    {
        if (FailAfterSyncs > 0 && path.EndsWith("-log.litedb", StringComparison.Ordinal) && --FailAfterSyncs == 0)
        {
            FailsNext = true;
            return;
        }

        if (FailsNext)
        {
            FailsNext = false;
            throw new IOException("The disk reports an error.", 5);
        }
    }

    public bool FailsNext { get; private set; }

    public override void Wrote(string path, long offset, ReadOnlySpan<byte> bytes)
    {
    }

    public override void Truncated(string path, long length)
    {
    }

    public override void Moved(string from, string to)
    {
    }
}
