using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Admission.Plugins;

/// <summary>
/// A pod that asks for an extended resource tolerates nodes that are tainted with its name
/// (k8s.io/kubernetes/plugin/pkg/admission/extendedresourcetoleration).
/// </summary>
internal sealed class ExtendedResourceTolerationPlugin : IAdmissionPlugin
{
    public string Name => "ExtendedResourceToleration";

    public bool IsOnByDefault => false;

    public ValueTask AdmitAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        if (request.Writes("", "Pod"))
        {
            JsonObject spec = request.Wanted().Ensure("spec");
            string[] resources =
            [
                .. spec.Objects("containers").Concat(spec.Objects("initContainers"))
                    .SelectMany(Asked)
                    .Where(IsExtended)
                    .Distinct(StringComparer.Ordinal)
                    .Order(StringComparer.Ordinal),
            ];
            foreach (string resource in resources.Where(resource => !spec.Objects("tolerations").Any(item => IsFor(item, resource))))
            {
                spec.EnsureArray("tolerations").Add((JsonNode)new JsonObject { ["key"] = resource, ["operator"] = "Exists" });
            }
        }

        return ValueTask.CompletedTask;
    }

    // A limit is a request as well where none is given.
    private static IEnumerable<string> Asked(JsonObject container) =>
        (container.Object("resources", "requests") ?? []).Concat(container.Object("resources", "limits") ?? []).Select(pair => pair.Key);

    // Qualified names outside kubernetes.io (v1helper.IsExtendedResourceName).
    private static bool IsExtended(string name) =>
        name.Contains('/', StringComparison.Ordinal)
        && !name.Contains("kubernetes.io/", StringComparison.Ordinal)
        && !name.StartsWith("requests.", StringComparison.Ordinal);

    private static bool IsFor(JsonObject toleration, string resource) =>
        toleration.TextOrEmpty("key") == resource && toleration.TextOrEmpty("operator") == "Exists"
        && toleration.TextOrEmpty("effect").Length == 0;
}
