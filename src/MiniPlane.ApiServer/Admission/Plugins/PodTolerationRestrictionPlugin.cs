using System.Text.Json;
using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Strategies;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;
using MiniPlane.Store.Revisions;

namespace MiniPlane.ApiServer.Admission.Plugins;

/// <summary>
/// Pods get the default tolerations of their namespace's annotation, and may have no others than those of its whitelist
/// (plugin/pkg/admission/podtolerationrestriction, without the configuration file that has both for the cluster).
/// </summary>
internal sealed class PodTolerationRestrictionPlugin(IRevisionStore store) : IAdmissionPlugin
{
    private const string Defaults = "scheduler.alpha.kubernetes.io/defaultTolerations";
    private const string Whitelist = "scheduler.alpha.kubernetes.io/tolerationsWhitelist";

    public string Name => "PodTolerationRestriction";

    public bool IsOnByDefault => false;

    public ValueTask AdmitAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        if (!request.Writes("", "Pod"))
        {
            return ValueTask.CompletedTask;
        }

        JsonObject pod = request.Wanted();
        List<JsonObject> tolerations = [.. pod.Objects("spec", "tolerations")];
        int before = tolerations.Count;
        if (request.Operation == AdmissionOperation.Create && OfNamespace(request, Defaults) is { Count: > 0 } defaults)
        {
            tolerations = TolerationSets.Merge(defaults, tolerations);
        }

        // What asks for memory is not the first to suffer when it runs short.
        if (QosClass.Of(pod) != "BestEffort")
        {
            var pressure = new JsonObject { ["key"] = "node.kubernetes.io/memory-pressure", ["operator"] = "Exists", ["effect"] = "NoSchedule" };
            tolerations = TolerationSets.Merge(tolerations, [pressure]);
        }

        if (tolerations.Count > 0 || before > 0)
        {
            pod.Ensure("spec")["tolerations"] = new JsonArray([.. tolerations.Select(one => one.DeepClone())]);
        }

        return ValidateAsync(request, cancellationToken);
    }

    public ValueTask ValidateAsync(AdmissionRequest request, CancellationToken cancellationToken) =>
        request.Writes("", "Pod")
        && OfNamespace(request, Whitelist) is { Count: > 0 } allowed
        && !request.Object.Objects("spec", "tolerations").All(one => allowed.Exists(other => TolerationSets.Covers(other, one)))
            ? throw request.Forbidden(
                "pod tolerations (possibly merged with namespace default tolerations) conflict with its namespace whitelist")
            : ValueTask.CompletedTask;

    private List<JsonObject> OfNamespace(AdmissionRequest request, string annotation)
    {
        string text = store.Find(new StoreKey(BuiltInKinds.Namespace.Collection, ObjectKey.Cluster(request.Key.Namespace)))?.ToJson()
            .TextOrEmpty("metadata", "annotations", annotation) ?? "";
        if (text.Length == 0)
        {
            return [];
        }

        try
        {
            return [.. (JsonNode.Parse(text) as JsonArray ?? []).OfType<JsonObject>()];
        }
        catch (JsonException)
        {
            throw request.Forbidden($"the namespace's annotation {annotation} is not a list of tolerations");
        }
    }
}
