using System.Text.Json.Nodes;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.CustomResources.Schemas;

/// <summary>Defaults must be what their own schema allows (apiextensions-apiserver/pkg/apiserver/schema/defaulting/validation.go).</summary>
internal static class DefaultRules
{
    public static void Check(StructuralSchema schema, string path, FieldErrors errors)
    {
        if (!schema.HasDefaults)
        {
            return;
        }

        if (schema.Default is { } value)
        {
            CheckValue(value, schema, $"{path}.default", errors);
        }

        foreach ((string name, StructuralSchema property) in schema.Properties)
        {
            Check(property, $"{path}.properties[{name}]", errors);
        }

        if (schema.AdditionalProperties is { } map)
        {
            Check(map, $"{path}.additionalProperties", errors);
        }

        if (schema.Items is { } items)
        {
            Check(items, $"{path}.items", errors);
        }
    }

    private static void CheckValue(JsonNode value, StructuralSchema schema, string path, FieldErrors errors)
    {
        if (value is JsonObject map)
        {
            List<string> dropped = [];
            var pruned = (JsonObject)map.DeepClone();
            SchemaPruning.Prune(pruned, schema, dropped);
            if (dropped.Count > 0)
            {
                errors.Invalid(path, value, "must not have unknown fields");
                return;
            }
        }

        var found = new FieldErrors();
        JsonNode full = value.DeepClone();
        SchemaDefaulting.Apply(full, schema);
        SchemaValidator.ValidateValue(full, schema, path, found);
        foreach (StatusCause cause in found.Causes)
        {
            errors.Add(cause.Reason, cause.Message, cause.Field);
        }
    }
}
