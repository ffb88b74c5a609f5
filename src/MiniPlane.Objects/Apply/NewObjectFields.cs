using System.Text.Json;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Catalogue;

namespace MiniPlane.Objects.Apply;

/// <summary>
/// Writes FieldsV1 of a new object, which has one manager: all that it says, in the order of a <see cref="FieldSet"/> but without
/// making one. What is there in every object of the type (<see cref="SchemaNode.ImpliedFields"/>) is nobody's, what is in it is.
/// </summary>
internal sealed class NewObjectFields
{
    private readonly Utf8JsonWriter _writer;

    // Parts on the way that are written once there is something in them.
    private readonly List<string> _pending = [];

    private NewObjectFields(Utf8JsonWriter writer) => _writer = writer;

    /// <summary>
    /// Writes the fields of <paramref name="json"/> without the members of <paramref name="stripped"/> and without what is in or below
    /// <paramref name="ignored"/>. False, and nothing written, when nothing is left.
    /// </summary>
    public static bool TryWrite(Utf8JsonWriter writer, TypeDefinition type, JsonObject json, FieldSet stripped, FieldSet ignored)
    {
        var fields = new NewObjectFields(writer);
        int depth = fields.Begin("");
        fields.Implied(SchemaNode.Root(type), json, stripped, ignored, 0);
        return fields.End(depth);
    }

    private void Implied(SchemaNode schema, JsonObject json, FieldSet? stripped, FieldSet? ignored, int depth)
    {
        IReadOnlyDictionary<string, bool> implied = schema.ImpliedFields(depth);
        foreach ((string name, JsonNode? value) in Sorted(json))
        {
            string element = PathElements.Field(name);
            FieldSet? strippedHere = stripped?.Find(element);
            FieldSet? ignoredHere = ignored?.Find(element);
            if (ignoredHere is { IsMember: true })
            {
                continue;
            }

            SchemaNode below = schema.Below(name);
            if (!implied.TryGetValue(name, out bool isObject))
            {
                Whole(element, below, value, strippedHere, ignoredHere);
            }
            else if (!isObject)
            {
                ImpliedList(element, below, value, strippedHere, ignoredHere);
            }
            else
            {
                ImpliedObject(element, below, value, strippedHere, ignoredHere, depth + 1);
            }
        }
    }

    private void ImpliedList(string element, SchemaNode schema, JsonNode? value, FieldSet? stripped, FieldSet? ignored)
    {
        if (value is JsonArray { Count: > 0 } list && schema.IsGranularList)
        {
            int open = Begin(element);
            Items(schema, list, stripped, ignored);
            End(open);
        }
        else if (value is not null)
        {
            Whole(element, schema, value, stripped, ignored);
        }
    }

    private void ImpliedObject(string element, SchemaNode schema, JsonNode? value, FieldSet? stripped, FieldSet? ignored, int depth)
    {
        if (value is JsonObject map && schema.IsGranularMap)
        {
            int open = Begin(element);
            Implied(schema, map, stripped, ignored, depth);
            End(open);
            return;
        }

        bool isBare = schema.ImpliedFields(depth).Count == 0;
        if (value is null && schema.IsGranularMap ? isBare : !isBare || value is not JsonObject { Count: 0 })
        {
            Whole(element, schema, value, stripped, ignored);
        }
    }

    // A part that came as a whole, what is on the way to its leaves included.
    private void Whole(string element, SchemaNode schema, JsonNode? value, FieldSet? stripped, FieldSet? ignored)
    {
        if (ignored is { IsMember: true })
        {
            return;
        }

        bool isParent = (value is JsonObject { Count: > 0 } && schema.IsGranularMap) || (value is JsonArray { Count: > 0 } && schema.IsGranularList);
        if (stripped is { IsMember: true })
        {
            int open = Begin(element);
            Inside(schema, value, isParent, stripped, ignored);
            End(open);
            return;
        }

        Open(element);
        if (isParent)
        {
            _writer.WriteStartObject("."u8);
            _writer.WriteEndObject();
        }

        Inside(schema, value, isParent, stripped, ignored);
        _writer.WriteEndObject();
    }

    private void Inside(SchemaNode schema, JsonNode? value, bool isParent, FieldSet? stripped, FieldSet? ignored)
    {
        if (isParent && value is JsonObject map)
        {
            Entries(schema, map, stripped, ignored);
        }
        else if (isParent && value is JsonArray list)
        {
            Items(schema, list, stripped, ignored);
        }
    }

    private void Entries(SchemaNode schema, JsonObject map, FieldSet? stripped, FieldSet? ignored)
    {
        foreach ((string name, JsonNode? value) in Sorted(map))
        {
            string element = PathElements.Field(name);
            Whole(element, schema.Below(name), value, stripped?.Find(element), ignored?.Find(element));
        }
    }

    private void Items(SchemaNode schema, JsonArray list, FieldSet? stripped, FieldSet? ignored)
    {
        var items = new (string Element, int At)[list.Count];
        for (int at = 0; at < items.Length; at++)
        {
            items[at] = (schema.ItemElement(list[at]), at);
        }

        // Of two items with one key the first counts.
        items.AsSpan().Sort(static (left, right) =>
            string.CompareOrdinal(left.Element, right.Element) is not 0 and int order ? order : left.At - right.At);
        string? last = null;
        foreach ((string element, int at) in items)
        {
            if (element != last)
            {
                Whole(element, schema.Item(), list[at], stripped?.Find(element), ignored?.Find(element));
            }

            last = element;
        }
    }

    // A part that is no member itself is written only if there is something in it.
    private int Begin(string element)
    {
        _pending.Add(element);
        return _pending.Count - 1;
    }

    private bool End(int open)
    {
        if (_pending.Count > open)
        {
            _pending.RemoveAt(open);
            return false;
        }

        _writer.WriteEndObject();
        return true;
    }

    private void Open(string element)
    {
        foreach (string part in _pending)
        {
            OpenOne(part);
        }

        _pending.Clear();
        OpenOne(element);
    }

    private void OpenOne(string element)
    {
        if (element.Length == 0)
        {
            _writer.WriteStartObject();
        }
        else
        {
            _writer.WriteStartObject(element);
        }
    }

    private static KeyValuePair<string, JsonNode?>[] Sorted(JsonObject map)
    {
        KeyValuePair<string, JsonNode?>[] entries = [.. map];
        entries.AsSpan().Sort(static (left, right) => string.CompareOrdinal(left.Key, right.Key));
        return entries;
    }
}
