using System.Globalization;
using System.Text.Json.Nodes;
using MiniPlane.Controllers.Revisions;
using MiniPlane.Controllers.Runtime;
using MiniPlane.Controllers.Views;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Stateful;

/// <summary>Makes the pods and claims of a StatefulSet with their lasting names. Pure.</summary>
internal static class StatefulPodFactory
{
    /// <summary>The pod with this number, made from the template of one revision.</summary>
    public static JsonObject Pod(KindDefinition kind, ObjectDocument set, OwnedRevision revision, int ordinal)
    {
        JsonObject template = revision.Template;
        string name = StatefulPod.NameOf(set.Metadata.Name, ordinal);
        var metadata = new JsonObject { ["name"] = name, ["generateName"] = set.Metadata.Name + "-", ["namespace"] = set.Metadata.Namespace };
        foreach (string field in (ReadOnlySpan<string>)["labels", "annotations", "finalizers"])
        {
            metadata.SetCopy(field, template.At("metadata", field));
        }

        JsonObject labels = metadata.Ensure("labels");
        SetIdentity(labels, name, ordinal);
        labels[StatefulPod.RevisionLabel] = revision.Name;
        metadata["ownerReferences"] = new JsonArray(OwnerReferences.Controller(kind, set));
        JsonObject spec = (JsonObject?)template["spec"]?.DeepClone() ?? [];
        spec["hostname"] = name;
        spec.DefaultText("subdomain", set.AsStatefulSet().Spec.ServiceName ?? "");
        if (spec.TextOrEmpty("subdomain").Length == 0)
        {
            spec.Remove("subdomain");
        }

        SetVolumes(spec, set, ordinal);
        return new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Pod", ["metadata"] = metadata, ["spec"] = spec };
    }

    /// <summary>The labels by which a pod can be selected alone.</summary>
    public static void SetIdentity(JsonObject labels, string name, int ordinal)
    {
        labels[StatefulPod.NameLabel] = name;
        labels[StatefulPod.IndexLabel] = ordinal.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The claims that the pod with this number uses.</summary>
    public static IEnumerable<JsonObject> Claims(ObjectDocument set, int ordinal)
    {
        JsonObject json = set.ToJson();
        foreach (JsonObject template in json.Objects("spec", "volumeClaimTemplates"))
        {
            var claim = (JsonObject)template.DeepClone();
            claim["apiVersion"] = "v1";
            claim["kind"] = "PersistentVolumeClaim";
            claim.Remove("status");
            JsonObject metadata = claim.Ensure("metadata");
            metadata["name"] = ClaimName(set, template.TextOrEmpty("metadata", "name"), ordinal);
            metadata["namespace"] = set.Metadata.Namespace;
            metadata.Remove("creationTimestamp");
            foreach ((string key, string value) in json.TextMap("spec", "selector", "matchLabels"))
            {
                metadata.Ensure("labels")[key] = value;
            }

            yield return claim;
        }
    }

    /// <summary>The names of the claims that the pod with this number uses.</summary>
    public static IEnumerable<string> ClaimNames(ObjectDocument set, int ordinal) => set.AsStatefulSet()
        .Spec.VolumeClaimTemplates.Select(template => ClaimName(set, template.Metadata.Name, ordinal));

    private static string ClaimName(ObjectDocument set, string? template, int ordinal) =>
        $"{template}-{StatefulPod.NameOf(set.Metadata.Name, ordinal)}";

    /// <summary>A claim's volume stands before, and instead of, a volume of the same name in the template.</summary>
    private static void SetVolumes(JsonObject spec, ObjectDocument set, int ordinal)
    {
        JsonArray volumes = [];
        HashSet<string> claimed = new(StringComparer.Ordinal);
        foreach (string name in set.AsStatefulSet().Spec.VolumeClaimTemplates.Select(template => template.Metadata.Name ?? ""))
        {
            claimed.Add(name);
            volumes.Add((JsonNode)new JsonObject
            {
                ["name"] = name,
                ["persistentVolumeClaim"] = new JsonObject { ["claimName"] = ClaimName(set, name, ordinal) },
            });
        }

        foreach (JsonObject volume in spec.Objects("volumes").Where(volume => !claimed.Contains(volume.TextOrEmpty("name"))))
        {
            volumes.Add(volume.DeepClone());
        }

        if (volumes.Count > 0)
        {
            spec["volumes"] = volumes;
        }
    }
}
