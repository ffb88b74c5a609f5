using System.Text.Json.Nodes;

namespace MiniPlane.Cel.Values;

/// <summary>A JSON object as a map, or as an object of a type whose fields are known. Values are made when they are asked for.</summary>
internal sealed class JsonMap(JsonObject json, CelType type) : CelMap
{
    public JsonObject Json => json;

    public override int Count => json.Count;

    public override IEnumerable<object?> Keys => json.Select(property => property.Key);

    public override bool TryGet(object? key, out object? value)
    {
        value = null;
        if (key is not string name)
        {
            return false;
        }

        if (type.Kind == CelKind.Object)
        {
            name = FieldNames.Unescape(name);
            if (!json.TryGetPropertyValue(name, out JsonNode? field))
            {
                return false;
            }

            value = JsonValues.Wrap(field, type.Fields.GetValueOrDefault(name) ?? CelType.Dyn);
            return true;
        }

        if (!json.TryGetPropertyValue(name, out JsonNode? found))
        {
            return false;
        }

        value = JsonValues.Wrap(found, type.Kind == CelKind.Map ? type.Element : CelType.Dyn);
        return true;
    }
}
