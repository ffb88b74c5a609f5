using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Runtime;

/// <summary>
/// One level-triggered control loop. It must bring the world to the state its key asks for whatever happened before, may be
/// stopped between any two writes, and is never run twice at once for the same key.
/// </summary>
public interface IController
{
    /// <summary>Name in logs and, where upstream does so, in the source of Events.</summary>
    string Name { get; }

    /// <summary>How many keys may be reconciled at once.</summary>
    int Parallelism => 4;

    /// <summary>The kinds that wake this controller and whom they wake. Read once, before anything runs.</summary>
    IReadOnlyList<ControllerWatch> Watches { get; }

    /// <summary>True to be told of every kind there is, now and later, through <see cref="KeysOf"/>.</summary>
    bool WatchesEveryKind => false;

    /// <summary>Keys to look at once at the start, although no object may exist for them.</summary>
    IReadOnlyList<ObjectKey> FirstKeys => [];

    /// <summary>Whom a change of any kind wakes; asked only with <see cref="WatchesEveryKind"/>.</summary>
    IEnumerable<ObjectKey> KeysOf(ObjectChange change) => [];

    /// <summary>Reconciles one key. An exception means: try again with back-off.</summary>
    Task<ReconcileResult> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken);
}
