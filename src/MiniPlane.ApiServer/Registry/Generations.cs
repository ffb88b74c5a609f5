using System.Text.Json.Nodes;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Registry;

/// <summary>
/// Which kinds count the changes of their wished-for state in <c>metadata.generation</c>, and what counts as such a change
/// (the PrepareForCreate and PrepareForUpdate of upstream's strategies).
/// </summary>
internal static class Generations
{
    private static readonly HashSet<string> Counted = new(StringComparer.Ordinal)
    {
        "Pod", "ReplicationController", "PodDisruptionBudget",
        "DaemonSet.apps", "Deployment.apps", "ReplicaSet.apps", "StatefulSet.apps",
        "CronJob.batch", "Job.batch",
        "Ingress.networking.k8s.io", "IngressClass.networking.k8s.io", "NetworkPolicy.networking.k8s.io",
        "PodDisruptionBudget.policy", "CSIDriver.storage.k8s.io",
        "CustomResourceDefinition.apiextensions.k8s.io", "EndpointSlice.discovery.k8s.io",
        "PriorityClass.scheduling.k8s.io", "DeviceClass.resource.k8s.io", "ResourceSlice.resource.k8s.io",
        "FlowSchema.flowcontrol.apiserver.k8s.io", "PriorityLevelConfiguration.flowcontrol.apiserver.k8s.io",
        "MutatingWebhookConfiguration.admissionregistration.k8s.io",
        "ValidatingWebhookConfiguration.admissionregistration.k8s.io",
        "ValidatingAdmissionPolicy.admissionregistration.k8s.io",
        "ValidatingAdmissionPolicyBinding.admissionregistration.k8s.io",
        "MutatingAdmissionPolicy.admissionregistration.k8s.io",
        "MutatingAdmissionPolicyBinding.admissionregistration.k8s.io",
    };

    public static bool IsCounted(KindDefinition kind) =>
        kind.IsCustom() || Counted.Contains(kind.Group.Length == 0 ? kind.Kind : $"{kind.Kind}.{kind.Group}");

    /// <summary>A new object starts at 1, or has no generation.</summary>
    public static void Start(KindDefinition kind, JsonObject obj)
    {
        JsonObject metadata = obj.Ensure("metadata");
        if (IsCounted(kind))
        {
            metadata["generation"] = 1;
        }
        else
        {
            metadata.Remove("generation");
        }
    }

    /// <summary>Carries the old generation over and raises it when the wish changed.</summary>
    public static void Carry(KindDefinition kind, JsonObject obj, JsonObject old, string? subresource)
    {
        JsonObject metadata = obj.Ensure("metadata");
        long? generation = old.Integer("metadata", "generation");
        if (generation is null)
        {
            metadata.Remove("generation");
            return;
        }

        // Binding a pod fulfils its wish.
        bool isRaised = subresource is not ("status" or "binding") && IsCounted(kind) && IsNewWish(kind, obj, old);
        metadata["generation"] = isRaised ? generation.Value + 1 : generation.Value;
    }

    /// <summary>Marking an object as deleted is a change of the wish, too (rest.BeforeDelete).</summary>
    public static void RaiseForDeletion(JsonObject obj)
    {
        if (obj.Integer("metadata", "generation") is > 0 and long generation)
        {
            obj.Ensure("metadata")["generation"] = generation + 1;
        }
    }

    private static bool IsNewWish(KindDefinition kind, JsonObject obj, JsonObject old)
    {
        if (kind is { Group: "apps", Kind: "Deployment" }
            && !obj.At("metadata", "annotations").SameAs(old.At("metadata", "annotations")))
        {
            return true;
        }

        return Differs(obj, old) || Differs(old, obj);
    }

    private static bool Differs(JsonObject left, JsonObject right)
    {
        foreach ((string name, JsonNode? value) in left)
        {
            if (name is not ("kind" or "apiVersion" or "metadata" or "status") && !value.SameAs(right[name]))
            {
                return true;
            }
        }

        return false;
    }
}
