using System.Text.Json.Nodes;

namespace MiniPlane.ApiServer.CustomResources.Schemas;

/// <summary>
/// Fills in a schema's defaults (apiextensions-apiserver/pkg/apiserver/schema/defaulting). A null where the schema allows none takes
/// the default, or goes when there is none.
/// </summary>
internal static class SchemaDefaulting
{
    public static void Apply(JsonNode? value, StructuralSchema schema)
    {
        switch (value)
        {
            case JsonObject map:
                ApplyToObject(map, schema);
                break;
            case JsonArray list when schema.Items is { } items:
                for (int at = 0; at < list.Count; at++)
                {
                    if (list[at] is null && !items.IsNullable && items.Default is { } standard)
                    {
                        list[at] = standard.DeepClone();
                    }

                    Apply(list[at], items);
                }

                break;
            default:
                break;
        }
    }

    private static void ApplyToObject(JsonObject map, StructuralSchema schema)
    {
        if (schema.HasDefaults)
        {
            foreach ((string name, StructuralSchema property) in schema.Properties)
            {
                if (property.Default is { } standard && (!map.TryGetPropertyValue(name, out JsonNode? given) || (given is null && !property.IsNullable)))
                {
                    map[name] = standard.DeepClone();
                }
            }
        }

        for (int at = 0; at < map.Count; at++)
        {
            (string name, JsonNode? value) = map.GetAt(at);
            StructuralSchema? property = schema.Property(name);
            if (property is null)
            {
                continue;
            }

            if (value is null && !property.IsNullable)
            {
                if (property.Default is { } standard)
                {
                    value = standard.DeepClone();
                    map[name] = value;
                }
                else if (schema.Properties.ContainsKey(name))
                {
                    map.RemoveAt(at--);
                    continue;
                }
            }

            Apply(value, property);
        }
    }
}
