namespace MiniPlane.ApiServer.Discovery;

/// <summary>In which form a client wants to discover the API.</summary>
public enum DiscoveryFormat
{
    /// <summary>One answer per group and version (meta.v1.APIGroupList, APIResourceList).</summary>
    Plain,

    /// <summary>All groups with their resources at once (apidiscovery.k8s.io/v2 APIGroupDiscoveryList).</summary>
    AggregatedV2,

    /// <summary>The same under its former version, v2beta1.</summary>
    AggregatedV2Beta1,
}
