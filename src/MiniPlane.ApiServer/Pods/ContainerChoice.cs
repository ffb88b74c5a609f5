using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Pods;

/// <summary>Which container of a pod is meant when a name may be left out (registry/core/pod.podHasContainerWithName and its callers).</summary>
internal static class ContainerChoice
{
    public static string Choose(JsonObject pod, string wanted)
    {
        string name = pod.TextOrEmpty("metadata", "name");
        string[] containers = Names(pod, "containers");
        string[] inits = Names(pod, "initContainers");
        string[] ephemeral = Names(pod, "ephemeralContainers");
        if (wanted.Length > 0)
        {
            return containers.Concat(inits).Concat(ephemeral).Contains(wanted, StringComparer.Ordinal)
                ? wanted
                : throw ApiErrors.BadRequest($"container {wanted} is not valid for pod {name}");
        }

        if (containers is [var only])
        {
            return only;
        }

        string choices = $"a container name must be specified for pod {name}, choose one of: [{string.Join(' ', containers)}]";
        if (inits.Length > 0)
        {
            choices += $" or one of the init containers: [{string.Join(' ', inits)}]";
        }

        if (ephemeral.Length > 0)
        {
            choices += $" or one of the ephemeral containers: [{string.Join(' ', ephemeral)}]";
        }

        throw ApiErrors.BadRequest(choices);
    }

    private static string[] Names(JsonObject pod, string list) =>
        [.. pod.Objects("spec", list).Select(container => container.TextOrEmpty("name"))];
}
