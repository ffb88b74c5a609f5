using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Store.Revisions;

/// <summary>
/// One committed change. <see cref="Previous"/> is the content before it (null when created), so that a watcher with a selector
/// can tell entering from leaving.
/// </summary>
public sealed class StoreEvent(ClusterEventType type, ObjectDocument document, ObjectDocument? previous)
{
    private WeakReference? _frame;

    public ClusterEventType Type => type;

    public ObjectDocument Document => document;

    public ObjectDocument? Previous => previous;

    public long Revision => document.Revision;

    /// <summary>
    /// A place for the encoded watch frame, so that it is made once however many watch. Set by the API server. It is held weakly:
    /// those who send it keep it, the thousands of recent events kept for late watchers must not keep their frames as well.
    /// </summary>
    public object? Frame
    {
        get => Volatile.Read(ref _frame)?.Target;
        set => Volatile.Write(ref _frame, value is null ? null : new WeakReference(value));
    }
}
