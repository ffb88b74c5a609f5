using MiniPlane.Objects.Documents;

namespace MiniPlane.Objects.Cluster;

/// <summary>One change, as a watcher sees it. <see cref="Document"/> is null only for a bookmark.</summary>
public sealed record ClusterEvent(ClusterEventType Type, long Revision, ObjectDocument? Document);
