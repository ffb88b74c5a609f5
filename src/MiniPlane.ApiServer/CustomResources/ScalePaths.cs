namespace MiniPlane.ApiServer.CustomResources;

/// <summary>Where a custom kind keeps what its scale subresource shows; <see cref="Selector"/> is empty when it has none.</summary>
internal sealed record ScalePaths(string SpecReplicas, string StatusReplicas, string Selector);
