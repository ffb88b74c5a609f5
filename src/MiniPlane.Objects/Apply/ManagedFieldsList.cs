using System.Text.Json.Nodes;

namespace MiniPlane.Objects.Apply;

/// <summary>Reads and writes <c>metadata.managedFields</c> of an object.</summary>
internal static class ManagedFieldsList
{
    // What the server owns belongs to nobody.
    private static readonly FieldSet Stripped = FieldSet.FromJson(JsonNode.Parse(
        """
        {"f:apiVersion":{},"f:kind":{},"f:metadata":{".":{},"f:name":{},"f:namespace":{},"f:creationTimestamp":{},"f:selfLink":{},
        "f:uid":{},"f:clusterName":{},"f:generation":{},"f:managedFields":{},"f:resourceVersion":{}}}
        """));

    public static List<ManagedFieldsEntry> Read(JsonObject json) => json["metadata"]?["managedFields"] is JsonArray list
        ? [.. list.OfType<JsonObject>().Select(ManagedFieldsEntry.FromJson)]
        : [];

    public static FieldSet Strip(FieldSet fields) => fields.Difference(Stripped);

    public static void Write(JsonObject json, IEnumerable<ManagedFieldsEntry> entries)
    {
        List<ManagedFieldsEntry> sorted =
        [
            .. entries
                .Where(entry => !entry.Fields.IsEmpty)
                .OrderBy(entry => entry.IsApply ? 0 : 1)
                .ThenBy(entry => entry.Time, StringComparer.Ordinal)
                .ThenBy(entry => entry.Manager.Name, StringComparer.Ordinal)
                .ThenBy(entry => entry.Manager.ApiVersion, StringComparer.Ordinal)
                .ThenBy(entry => entry.Manager.Subresource, StringComparer.Ordinal),
        ];
        if (json["metadata"] is not JsonObject metadata)
        {
            return;
        }

        metadata.Remove("managedFields");
        if (sorted.Count > 0)
        {
            metadata["managedFields"] = new JsonArray([.. sorted.Select(entry => entry.ToJson())]);
        }
    }
}
