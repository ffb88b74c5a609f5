using MiniPlane.Store.Revisions;

namespace MiniPlane.Store.Tests.Crashes;

/// <summary>A durable store that must survive crashes.</summary>
internal sealed record CrashTarget
{
    public required string Name { get; init; }

    /// <summary>Opens the store with this data file.</summary>
    public required Func<StoreOptions, IRevisionStore> Open { get; init; }

    /// <summary>
    /// From now until the result is disposed, notes down what happens to the files of a directory. The second argument opens a store
    /// there.
    /// </summary>
    public required Func<string, DiskLog, (IDisposable Recording, Func<StoreOptions, IRevisionStore> Open)> Record { get; init; }
}
