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
                return TakeStatus(kind, updated, old);
            case "finalize":
                return Finalize(updated, old);
            case "ephemeralcontainers":
                return TakeSpecField(updated, old, "ephemeralContainers");
            case "resize":
                return Resize(updated, old);
            case "approval":
                return Approve(kind, updated, old);
            default:
                return updated;
        }
    }

    // The rest nearly always is what it was, so it is put back where it differs and not copied.
    private static JsonObject TakeStatus(KindDefinition kind, JsonObject updated, JsonObject old)
    {
        PutBack(updated, old, name => name is "metadata" or "status");
        PutBack(updated.Ensure("metadata"), old.Object("metadata") ?? [], name => IsWrittenWithStatus(kind, name));
        return updated;
    }

    private static void PutBack(JsonObject updated, JsonObject old, Func<string, bool> isFree)
    {
        for (int at = updated.Count - 1; at >= 0; at--)
        {
            (string name, _) = updated.GetAt(at);
            if (!old.ContainsKey(name) && !isFree(name))
            {
                updated.RemoveAt(at);
            }
        }

        foreach ((string name, JsonNode? value) in old)
        {
            if (!isFree(name) && !value.SameAs(updated[name]))
            {
                updated.SetCopy(name, value);
            }
        }
    }

    // Labels are part of the wish for workloads and custom objects; kubelets write labels and annotations with the status.
    private static bool IsWrittenWithStatus(KindDefinition kind, string name) => name switch
    {
        "managedFields" => true,
        "annotations" or "finalizers" => !kind.IsCustom(),
        "labels" => !kind.IsCustom() && kind.Group is not ("apps" or "batch"),
        "ownerReferences" => !kind.IsCustom() && !kind.IsPod(),
        _ => false,
    };

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

    private static JsonObject Approve(KindDefinition kind, JsonObject updated, JsonObject old)
    {
        JsonObject result = TakeStatus(kind, updated, old);
        PutBack(result.Ensure("status"), old.Object("status") ?? [], static name => name == "conditions");
        return result;
    }

    private static JsonObject Clone(JsonObject obj) => (JsonObject)obj.DeepClone();
}
