using System.Text.Json.Nodes;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;
using MiniPlane.Store.Revisions;

namespace MiniPlane.ApiServer.Admission.Plugins;

/// <summary>Applies a namespace's limit ranges: defaults for containers, and the smallest and largest that is allowed.</summary>
internal sealed class LimitRangerPlugin(IRevisionStore store) : IAdmissionPlugin
{
    private const string Annotation = "kubernetes.io/limit-ranger";

    public string Name => "LimitRanger";

    public ValueTask AdmitAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        if (request.Creates("", "Pod"))
        {
            foreach (JsonObject range in Ranges(request))
            {
                SetDefaults(request.Wanted(), range);
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask ValidateAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        bool isClaim = request.Writes("", "PersistentVolumeClaim");
        if (request.Creates("", "Pod") || isClaim)
        {
            foreach (JsonObject range in Ranges(request))
            {
                string[] problems = [.. isClaim ? LimitChecks.Claim(request.Wanted(), range) : LimitChecks.Pod(request.Wanted(), range)];
                if (problems.Length > 0)
                {
                    throw request.Forbidden(problems.Length == 1 ? problems[0] : $"[{string.Join(", ", problems)}]");
                }
            }
        }

        return ValueTask.CompletedTask;
    }

    private JsonObject[] Ranges(AdmissionRequest request) =>
    [
        .. store.Read(BuiltInKinds.LimitRange.Collection).Range(request.Key.Namespace, null)
            .Where(document => !document.Metadata.IsBeingDeleted)
            .Select(document => document.ToJson()),
    ];

    private static void SetDefaults(JsonObject pod, JsonObject range)
    {
        JsonObject limits = [];
        JsonObject requests = [];
        foreach (JsonObject item in range.Objects("spec", "limits").Where(item => item.Text("type") == "Container"))
        {
            Merge(limits, item.Object("default"));
            Merge(requests, item.Object("defaultRequest"));
        }

        var notes = new List<string>();
        foreach ((string list, string word) in (ReadOnlySpan<(string, string)>)[("containers", "container"), ("initContainers", "init container")])
        {
            foreach (JsonObject container in pod.Objects("spec", list))
            {
                string[] addedRequests = [.. Fill(container, "requests", requests)];
                string[] addedLimits = [.. Fill(container, "limits", limits)];
                Note(notes, addedRequests, $"request for {word} {container.TextOrEmpty("name")}");
                Note(notes, addedLimits, $"limit for {word} {container.TextOrEmpty("name")}");
            }
        }

        if (notes.Count > 0)
        {
            pod.Ensure("metadata", "annotations")[Annotation] = $"LimitRanger plugin set: {string.Join("; ", notes)}";
        }
    }

    private static void Merge(JsonObject target, JsonObject? values)
    {
        foreach ((string name, JsonNode? value) in values ?? [])
        {
            target.TryAdd(name, value?.DeepClone());
        }
    }

    private static IEnumerable<string> Fill(JsonObject container, string list, JsonObject defaults)
    {
        foreach ((string name, JsonNode? value) in defaults)
        {
            JsonObject target = container.Ensure("resources", list);
            if (target.TryAdd(name, value?.DeepClone()))
            {
                yield return name;
            }
        }
    }

    private static void Note(List<string> notes, string[] added, string what)
    {
        if (added.Length > 0)
        {
            notes.Add($"{string.Join(", ", added.Order(StringComparer.Ordinal))} {what}");
        }
    }
}
