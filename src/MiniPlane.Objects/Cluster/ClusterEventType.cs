namespace MiniPlane.Objects.Cluster;

/// <summary>What a watch event says (meta.v1.WatchEvent.type).</summary>
public enum ClusterEventType
{
    Added,
    Modified,
    Deleted,

    /// <summary>No change; only tells how far the watch has come.</summary>
    Bookmark,
}
