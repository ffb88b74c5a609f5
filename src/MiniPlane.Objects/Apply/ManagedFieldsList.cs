using System.Text.Json;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Decoding;
using MiniPlane.Objects.Documents;

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

    // By way of the text: the entries of a stored object are not taken apart into nodes, and shall not be for this.
    public static List<ManagedFieldsEntry> Read(JsonObject json)
    {
        var entries = new List<ManagedFieldsEntry>();
        if (json["metadata"]?["managedFields"] is not JsonArray list)
        {
            return entries;
        }

        using var scratch = JsonScratch.Take();
        list.WriteTo(scratch.Writer);
        ReadOnlySpan<byte> text = scratch.Written;
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = JsonBody.LargestDepth });
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                entries.Add(ManagedFieldsEntry.Read(ref reader, text));
            }
            else
            {
                reader.Skip();
            }
        }

        return entries;
    }

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
            metadata["managedFields"] = Encode(sorted);
        }
    }

    /// <summary>Writes the entry of the manager that makes the object; an earlier list is replaced.</summary>
    public static void WriteFirst(JsonObject json, TypeDefinition type, FieldManager manager, FieldSet ignored, string time)
    {
        if (json["metadata"] is not JsonObject metadata)
        {
            return;
        }

        metadata.Remove("managedFields");
        bool isAny = false;
        using var scratch = JsonScratch.Take();
        scratch.Writer.WriteStartArray();
        var entry = new ManagedFieldsEntry(manager, IsApply: false, time, new FieldSet());
        entry.WriteTo(scratch.Writer, fields => isAny = NewObjectFields.TryWrite(fields, type, json, Stripped, ignored));
        scratch.Writer.WriteEndArray();
        if (isAny)
        {
            metadata["managedFields"] = OwnershipTexts.Node(scratch.Written);
        }
    }

    private static JsonArray? Encode(List<ManagedFieldsEntry> entries)
    {
        using var scratch = JsonScratch.Take();
        scratch.Writer.WriteStartArray();
        entries.ForEach(entry => entry.WriteTo(scratch.Writer));
        scratch.Writer.WriteEndArray();
        return OwnershipTexts.Node(scratch.Written);
    }
}
