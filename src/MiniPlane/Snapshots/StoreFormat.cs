using Microsoft.Extensions.Logging;
using MiniPlane.Store;
using MiniPlane.Store.Revisions;
using MiniPlane.Store.Snapshots;

namespace MiniPlane.Snapshots;

/// <summary>A way to keep the store in a file.</summary>
internal sealed record StoreFormat
{
    /// <summary>What users call it, as in <c>--store NAME</c>.</summary>
    public required string Name { get; init; }

    public required string FileName { get; init; }

    public bool IsBuiltIn { get; init; } = true;

    public required Func<StoreOptions, ILoggerFactory, IRevisionStore> Open { get; init; }

    /// <summary>Makes a store of a snapshot at a path; returns its revision.</summary>
    public required Func<SnapshotContent, string, long> Restore { get; init; }
}
