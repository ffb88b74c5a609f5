using System.Text.Json.Nodes;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Registry;

/// <summary>
/// Which part of an object an update may touch: the main path leaves the status alone, <c>/status</c> only writes the status, the
/// other subresources write their one field. What may not be touched silently keeps its old value (upstream's strategies).
/// </summary>
internal static class PartialUpdates
{
    /// <summary>The object to store: <paramref name="updated"/> where it may differ, <paramref name="old"/> elsewhere.</summary>
    public static JsonObject Restrict(KindDefinition kind, string? subresource, JsonObject updated, JsonObject old)
    {
        switch (subresource)
        {
            case null:
                if (kind.HasSubresource("status"))
                {
                    updated.SetCopy("status", old["status"]);
                }

                if (kind.IsNamespace())
                {
                    updated.Ensure("spec").SetCopy("finalizers", old.At("spec", "finalizers"));
                }

                return updated;
            case "status":
                return TakeField(kind, updated, old, "status");
            case "finalize":
                return Finalize(updated, old);
            case "ephemeralcontainers":
                return TakeSpecField(updated, old, "ephemeralContainers");
            case "resize":
                return Resize(updated, old);
            case "approval":
                return Approve(updated, old);
            default:
                return updated;
        }
    }

    private static JsonObject TakeField(KindDefinition kind, JsonObject updated, JsonObject old, string field)
    {
        JsonObject result = Clone(old);
        result.SetCopy(field, updated[field]);
        TakeMetadata(kind, result.Ensure("metadata"), updated.Object("metadata") ?? []);
        return result;
    }

    // Labels are part of the wish for workloads and custom objects; kubelets write labels and annotations with the status.
    private static void TakeMetadata(KindDefinition kind, JsonObject metadata, JsonObject updated)
    {
        metadata.SetCopy("managedFields", updated["managedFields"]);
        if (kind.IsCustom())
        {
            return;
        }

        metadata.SetCopy("annotations", updated["annotations"]);
        metadata.SetCopy("finalizers", updated["finalizers"]);
        if (kind.Group is not ("apps" or "batch"))
        {
            metadata.SetCopy("labels", updated["labels"]);
        }

        if (!kind.IsPod())
        {
            metadata.SetCopy("ownerReferences", updated["ownerReferences"]);
        }
    }

    private static JsonObject Finalize(JsonObject updated, JsonObject old)
    {
        JsonObject result = Clone(old);
        result.Ensure("spec").SetCopy("finalizers", updated.At("spec", "finalizers"));
        result.Ensure("metadata").SetCopy("finalizers", updated.At("metadata", "finalizers"));
        result.Ensure("metadata").SetCopy("managedFields", updated.At("metadata", "managedFields"));
        return result;
    }

    private static JsonObject TakeSpecField(JsonObject updated, JsonObject old, string field)
    {
        JsonObject result = Clone(old);
        result.Ensure("spec").SetCopy(field, updated.At("spec", field));
        result.Ensure("metadata").SetCopy("managedFields", updated.At("metadata", "managedFields"));
        return result;
    }

    private static JsonObject Resize(JsonObject updated, JsonObject old)
    {
        JsonObject result = Clone(old);
        result.Ensure("metadata").SetCopy("managedFields", updated.At("metadata", "managedFields"));
        foreach (string list in (string[])["containers", "initContainers"])
        {
            foreach (JsonObject container in result.Objects("spec", list))
            {
                JsonObject? wanted = updated.Objects("spec", list)
                    .FirstOrDefault(other => other.Text("name") == container.Text("name"));
                if (wanted is not null)
                {
                    container.SetCopy("resources", wanted["resources"]);
                    container.SetCopy("resizePolicy", wanted["resizePolicy"]);
                }
            }
        }

        return result;
    }

    private static JsonObject Approve(JsonObject updated, JsonObject old)
    {
        JsonObject result = Clone(old);
        result.Ensure("status").SetCopy("conditions", updated.At("status", "conditions"));
        result.Ensure("metadata").SetCopy("managedFields", updated.At("metadata", "managedFields"));
        return result;
    }

    private static JsonObject Clone(JsonObject obj) => (JsonObject)obj.DeepClone();
}
