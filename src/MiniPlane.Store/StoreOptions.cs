namespace MiniPlane.Store;

/// <summary>How the store is kept and how much it may hold on to.</summary>
public sealed record StoreOptions
{
    public StoreKind Kind { get; init; } = StoreKind.Sqlite;

    /// <summary>The data file. Its directory is made (0700) when it is missing; the file is 0600. Unused by <see cref="StoreKind.Memory"/>.</summary>
    public string Path { get; init; } = "";

    /// <summary>Writes that may wait for the sequencer; further writers wait to be queued.</summary>
    public int QueueLength { get; init; } = 1024;

    /// <summary>The most writes in one durable transaction.</summary>
    public int BatchLength { get; init; } = 256;

    /// <summary>A batch is closed once its documents are this large together.</summary>
    public int BatchBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Events a watcher may leave unread before it is closed with <see cref="Revisions.WatchExpiredException"/>.</summary>
    public int WatchQueueLength { get; init; } = 4096;

    /// <summary>Recent events kept per collection, for watchers that start at an older revision.</summary>
    public int WatchWindowEvents { get; init; } = 8192;

    /// <summary>
    /// Bytes of superseded documents that the recent events of one collection may keep alive. Documents that are still current
    /// do not count: they are in memory anyway.
    /// </summary>
    public long WatchWindowBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>
    /// The most changes kept on disk, so that watches resume after a restart; fewer if they weigh more than a quarter of the live
    /// documents. Older ones are compacted away.
    /// </summary>
    public int ChangeLogLength { get; init; } = 5000;

    /// <summary>Without a write for this long the store gives unused room on the disk back.</summary>
    public TimeSpan RestAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The largest data file in bytes; writes beyond it are refused. Zero means no limit but the disk.</summary>
    public long MaxFileBytes { get; init; }

    /// <summary>What the user is told to type when the data file is damaged.</summary>
    public string RestoreCommand { get; init; } = "miniplane snapshot restore --replace SNAPSHOT";
}
