using System.Text.Json.Nodes;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Registry.Subresources;

/// <summary>
/// What an apply to <c>/scale</c> means for the workload: its replicas are applied, by the same manager, under the subresource
/// <c>scale</c> (pkg/registry/apps/.../storage, managedfields.ScaleHandler).
/// </summary>
internal static class ScaleConfiguration
{
    public static JsonObject ForWorkload(KindDefinition workload, JsonObject scale)
    {
        var metadata = new JsonObject { ["name"] = scale.TextOrEmpty("metadata", "name") };
        foreach (string field in (string[])["namespace", "uid", "resourceVersion"])
        {
            metadata.SetCopy(field, scale.At("metadata", field));
        }

        var configuration = new JsonObject { ["kind"] = workload.Kind, ["apiVersion"] = workload.ApiVersion, ["metadata"] = metadata };
        if (scale.Integer("spec", "replicas") is { } replicas)
        {
            ScaleSubresource.SetReplicas(workload, configuration, replicas);
        }

        return configuration;
    }
}
