using MiniPlane.ApiServer.CustomResources.Schemas;
using MiniPlane.Cel;

namespace MiniPlane.ApiServer.CustomResources.Rules;

/// <summary>The types that expressions see of a schema (k8s.io/apiserver/pkg/cel/common.SchemaDeclType).</summary>
internal static class SchemaCelTypes
{
    // The metadata of which expressions know: that which a schema can restrict.
    private static readonly CelType Metadata = CelType.Object(
        "ObjectMeta",
        new Dictionary<string, CelType>(StringComparer.Ordinal) { ["name"] = CelType.String, ["generateName"] = CelType.String });

    public static CelType Of(StructuralSchema schema, bool isResource)
    {
        if (schema.IsIntOrString)
        {
            return CelType.Dyn;
        }

        return schema.Type switch
        {
            "array" => CelType.List(schema.Items is { } items ? Of(items, items.IsEmbeddedResource) : CelType.Dyn, schema.Rules.MaxItems, schema.ListType is "set" or "map"),
            "object" => OfObject(schema, isResource),
            "boolean" => CelType.Bool,
            "integer" => CelType.Int,
            "number" => CelType.Double,
            "string" => OfText(schema),
            _ => CelType.Dyn,
        };
    }

    private static CelType OfText(StructuralSchema schema) => schema.Rules.Format switch
    {
        "byte" => CelType.Bytes,
        "duration" => CelType.Duration,
        "date" or "date-time" => CelType.Timestamp,
        _ => CelType.Text(schema.Rules.MaxLength ?? Longest(schema)),
    };

    // What can only be one of some words is as long as the longest of them.
    private static long? Longest(StructuralSchema schema) => schema.Rules.Enum is { Count: > 0 } words
        ? words.Max(word => (long)(word?.ToJsonString().Length ?? 4))
        : null;

    private static CelType OfObject(StructuralSchema schema, bool isResource)
    {
        if (schema.AdditionalProperties is { } values)
        {
            return CelType.Map(CelType.String, Of(values, values.IsEmbeddedResource), schema.Rules.MaxProperties);
        }

        if (schema.Properties.Count == 0 && !isResource)
        {
            return schema.PreservesUnknownFields ? CelType.Map(CelType.String, CelType.Dyn) : CelType.Object("object", schema.Properties.ToDictionary(pair => pair.Key, _ => CelType.Dyn, StringComparer.Ordinal));
        }

        var fields = new Dictionary<string, CelType>(StringComparer.Ordinal);
        foreach ((string name, StructuralSchema property) in schema.Properties)
        {
            fields[name] = Of(property, property.IsEmbeddedResource);
        }

        if (isResource)
        {
            fields["apiVersion"] = CelType.String;
            fields["kind"] = CelType.String;
            fields["metadata"] = Metadata;
        }

        return CelType.Object("object", fields);
    }
}
