using System.Text.Json.Nodes;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;
using MiniPlane.Store.Revisions;

namespace MiniPlane.ApiServer.Admission.Plugins;

/// <summary>A pod's runtime class must exist; its overhead and scheduling become the pod's (plugin/pkg/admission/runtimeclass).</summary>
internal sealed class RuntimeClassPlugin(IRevisionStore store) : IAdmissionPlugin
{
    public string Name => "RuntimeClass";

    public ValueTask AdmitAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        if (!request.Creates("", "Pod") || request.Object.TextOrEmpty("spec", "runtimeClassName") is not { Length: > 0 } name)
        {
            return ValueTask.CompletedTask;
        }

        JsonObject runtime = store.Find(new StoreKey(BuiltInKinds.RuntimeClass.Collection, ObjectKey.Cluster(name)))?.ToJson()
            ?? throw request.Forbidden($"pod rejected: RuntimeClass \"{name}\" not found");
        JsonObject spec = request.Wanted().Ensure("spec");
        if (runtime.Object("overhead", "podFixed") is { } overhead)
        {
            if (spec.Has("overhead") && !spec["overhead"].SameAs(overhead))
            {
                throw request.Forbidden("pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead");
            }

            spec["overhead"] = overhead.DeepClone();
        }

        Schedule(request, spec, runtime.Object("scheduling"));
        return ValueTask.CompletedTask;
    }

    public ValueTask ValidateAsync(AdmissionRequest request, CancellationToken cancellationToken) =>
        request.Creates("", "Pod") && request.Object.Object("spec", "overhead") is { Count: > 0 }
        && request.Object.TextOrEmpty("spec", "runtimeClassName").Length == 0
            ? throw request.Forbidden("pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead")
            : ValueTask.CompletedTask;

    private static void Schedule(AdmissionRequest request, JsonObject spec, JsonObject? scheduling)
    {
        foreach ((string key, string value) in scheduling.TextMap("nodeSelector"))
        {
            JsonObject selector = spec.Ensure("nodeSelector");
            if (selector.Text(key) is { } given && given != value)
            {
                throw request.Forbidden($"conflict: runtimeClass.scheduling.nodeSelector[{key}] = {value}; pod.spec.nodeSelector[{key}] = {given}");
            }

            selector[key] = value;
        }

        foreach (JsonObject toleration in scheduling.Objects("tolerations"))
        {
            JsonArray tolerations = spec.EnsureArray("tolerations");
            if (!tolerations.Any(one => one.SameAs(toleration)))
            {
                tolerations.Add(toleration.DeepClone());
            }
        }
    }
}
