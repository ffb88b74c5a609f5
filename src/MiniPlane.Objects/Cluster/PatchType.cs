namespace MiniPlane.Objects.Cluster;

/// <summary>The four patch formats of the Kubernetes API.</summary>
public enum PatchType
{
    /// <summary><c>application/json-patch+json</c> (RFC 6902).</summary>
    Json,

    /// <summary><c>application/merge-patch+json</c> (RFC 7386).</summary>
    Merge,

    /// <summary><c>application/strategic-merge-patch+json</c>.</summary>
    StrategicMerge,

    /// <summary><c>application/apply-patch+yaml</c>.</summary>
    Apply,
}
