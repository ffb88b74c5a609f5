using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Store.Revisions;

/// <summary>
/// One committed change. <see cref="Previous"/> is the content before it (null when created), so that a watcher with a selector
/// can tell entering from leaving.
/// </summary>
public sealed class StoreEvent(ClusterEventType type, ObjectDocument document, ObjectDocument? previous)
{
    public ClusterEventType Type => type;

    public ObjectDocument Document => document;

    public ObjectDocument? Previous => previous;

    public long Revision => document.Revision;
}
