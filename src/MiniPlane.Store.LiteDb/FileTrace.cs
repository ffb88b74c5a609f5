namespace MiniPlane.Store.LiteDb;

/// <summary>Hears of everything that is done to the files, in order; for the simulation of power cuts.</summary>
internal abstract class FileTrace
{
    public abstract void Wrote(string path, long offset, ReadOnlySpan<byte> bytes);

    public abstract void Truncated(string path, long length);

    public abstract void Synced(string path);

    /// <summary>Renamed over whatever had the name, and the directory synced.</summary>
    public abstract void Moved(string from, string to);
}
