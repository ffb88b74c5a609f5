using System.Net;

namespace MiniPlane.Controllers;

/// <summary>What the controllers must be told by the executable.</summary>
public sealed record ClusterControllersOptions
{
    /// <summary>
    /// The cluster's CA certificate as PEM, published as ConfigMap <c>kube-root-ca.crt</c> in every namespace; null publishes
    /// nothing.
    /// </summary>
    public string? ClusterAuthorityPem { get; init; }

    /// <summary>
    /// Where pods reach the API server; published as the Service <c>kubernetes</c> in namespace <c>default</c>. Empty publishes none.
    /// </summary>
    public IReadOnlyList<IPEndPoint> ApiServerEndpoints { get; init; } = [];

    /// <summary>The storage classes that every cluster has, each a directory in which volumes are made.</summary>
    public IReadOnlyList<StorageRoot> StorageRoots { get; init; } = [];
}
