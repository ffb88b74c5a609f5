namespace MiniPlane.Store;

/// <summary>Where the store keeps what must survive.</summary>
public enum StoreKind
{
    /// <summary>A SQLite file; the default.</summary>
    Sqlite,

    /// <summary>Nowhere: everything is gone with the process. For tests and throw-away clusters.</summary>
    Memory,
}
