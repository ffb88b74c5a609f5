using System.Text.Json.Nodes;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Registry;

/// <summary>What the server keeps in <c>metadata</c> whatever the client sends (rest.BeforeCreate, rest.BeforeUpdate).</summary>
internal static class MetadataRules
{
    /// <summary>Fields that only the server sets on a new object.</summary>
    public static void StampNew(KindDefinition kind, JsonObject obj, DateTimeOffset now)
    {
        JsonObject metadata = obj.Ensure("metadata");
        metadata.Remove("deletionTimestamp");
        metadata.Remove("deletionGracePeriodSeconds");
        metadata.Remove("selfLink");
        metadata.Remove("resourceVersion");
        metadata["uid"] = Guid.NewGuid().ToString();
        metadata["creationTimestamp"] = Timestamps.Text(now);
        Generations.Start(kind, obj);
    }

    /// <summary>Takes over what an update cannot change and may leave out.</summary>
    public static void CarryOver(JsonObject obj, JsonObject old)
    {
        JsonObject metadata = obj.Ensure("metadata");
        JsonObject before = old.Object("metadata") ?? [];
        metadata.Remove("selfLink");
        metadata.Remove("resourceVersion");
        TakeWhenEmpty(metadata, before, "uid");
        TakeWhenEmpty(metadata, before, "creationTimestamp");
        TakeWhenEmpty(metadata, before, "generateName");
        if (before.Has("deletionTimestamp"))
        {
            metadata.SetCopy("deletionTimestamp", before["deletionTimestamp"]);
            metadata.SetCopy("deletionGracePeriodSeconds", before["deletionGracePeriodSeconds"]);
        }
    }

    /// <summary>A change of what cannot change (ValidateObjectMetaAccessorUpdate).</summary>
    public static void ValidateUpdate(JsonObject obj, JsonObject old, FieldErrors errors)
    {
        foreach (string field in (string[])["name", "namespace", "uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds"])
        {
            JsonNode? value = obj.At("metadata", field);
            if (!value.SameAs(old.At("metadata", field)))
            {
                errors.Invalid($"metadata.{field}", value, "field is immutable");
            }
        }

        if (old.Has("metadata", "deletionTimestamp"))
        {
            string[] added = [.. obj.Texts("metadata", "finalizers").Except(old.Texts("metadata", "finalizers"), StringComparer.Ordinal)];
            if (added.Length > 0)
            {
                string list = string.Join(", ", added.Select(name => $"\"{name}\""));
                errors.Forbidden(
                    "metadata.finalizers",
                    $"no new finalizers can be added if the object is being deleted, found new finalizers []string{{{list}}}");
            }
        }
    }

    private static void TakeWhenEmpty(JsonObject metadata, JsonObject before, string field)
    {
        if (metadata.TextOrEmpty(field).Length == 0)
        {
            metadata.SetCopy(field, before[field]);
        }
    }
}
