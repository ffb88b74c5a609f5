using System.Text.Json.Nodes;
using MiniPlane.ApiServer.CustomResources.Rules;
using MiniPlane.ApiServer.CustomResources.Schemas;
using MiniPlane.ApiServer.Validation;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.CustomResources;

/// <summary>What one version of a CustomResourceDefinition must be: its schema, subresources, columns and selectable fields.</summary>
internal static class VersionRules
{
    private const int MostSelectableFields = 8;

    public static void Check(JsonObject version, string field, bool isNamespaced, FieldErrors errors)
    {
        _ = isNamespaced;
        string schemaField = $"{field}.schema.openAPIV3Schema";
        if (version.Object("schema", "openAPIV3Schema") is not { } source)
        {
            errors.Required(schemaField, "schemas are required");
        }
        else
        {
            var found = new FieldErrors();
            StructuralRules.Check(source, schemaField, found);
            StructuralSchema schema = SchemaReader.Read(source);
            if (found.IsEmpty)
            {
                DefaultRules.Check(schema, schemaField, found);
                if (RuleNode.Of(schema) is { } rules)
                {
                    new RuleRules(found).Check(rules, schemaField);
                }
            }

            foreach (StatusCause cause in found.Causes)
            {
                errors.Add(cause.Reason, cause.Message, cause.Field);
            }

            SelectableFields(version, schema, field, errors);
        }

        Scale(version.Object("subresources", "scale"), $"{field}.subresources.scale", errors);
        foreach ((JsonObject column, FieldPath columnField) in Checks.Items(version, "additionalPrinterColumns", field))
        {
            Column(column, columnField, errors);
        }

        if (version.Has("deprecationWarning") && version.Flag("deprecated") != true)
        {
            errors.Invalid($"{field}.deprecationWarning", version["deprecationWarning"], "can only be set for deprecated versions");
        }
    }

    private static void Column(JsonObject column, string path, FieldErrors errors)
    {
        errors.RequiredText(column, "name", path);
        errors.OneOf(column, "type", path, isRequired: true, "boolean", "date", "integer", "number", "string");
        if (errors.RequiredText(column, "jsonPath", path))
        {
            string jsonPath = column.TextOrEmpty("jsonPath");
            if (!jsonPath.StartsWith('.') && !jsonPath.StartsWith('['))
            {
                errors.Invalid($"{path}.jsonPath", jsonPath, "must be a simple json path starting with .");
            }
        }
    }

    private static void Scale(JsonObject? scale, string path, FieldErrors errors)
    {
        if (scale is null)
        {
            return;
        }

        Path(scale, "specReplicasPath", "should be a json path under .spec", isRequired: true, [".spec."]);
        Path(scale, "statusReplicasPath", "should be a json path under .status", isRequired: true, [".status."]);
        Path(scale, "labelSelectorPath", "should be a json path under either .status or .spec", isRequired: false, [".spec.", ".status."]);

        void Path(JsonObject holder, string name, string text, bool isRequired, string[] roots)
        {
            string value = holder.TextOrEmpty(name);
            if (value.Length == 0)
            {
                if (isRequired)
                {
                    errors.Required($"{path}.{name}");
                }
            }
            else if (!Array.Exists(roots, root => value.StartsWith(root, StringComparison.Ordinal)))
            {
                errors.Invalid($"{path}.{name}", value, text);
            }
        }
    }

    private static void SelectableFields(JsonObject version, StructuralSchema schema, string field, FieldErrors errors)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach ((JsonObject selectable, FieldPath path) in Checks.Items(version, "selectableFields", field))
        {
            if (!errors.RequiredText(selectable, "jsonPath", path))
            {
                continue;
            }

            string jsonPath = selectable.TextOrEmpty("jsonPath");
            string problem = Problem(jsonPath, schema);
            if (problem.Length > 0)
            {
                errors.Invalid($"{path}.jsonPath", jsonPath, $"is an invalid path: {problem}");
            }

            if (!seen.Add(jsonPath))
            {
                errors.Duplicate($"{path}.jsonPath", jsonPath);
            }
        }

        if (seen.Count > MostSelectableFields)
        {
            errors.TooMany($"{field}.selectableFields", seen.Count, MostSelectableFields);
        }
    }

    private static string Problem(string jsonPath, StructuralSchema schema)
    {
        if (!jsonPath.StartsWith('.'))
        {
            return "must be a simple json path starting with .";
        }

        StructuralSchema? at = schema;
        string[] names = jsonPath[1..].Split('.');
        if (names[0] == "metadata")
        {
            return "must not point to fields in metadata";
        }

        foreach (string name in names)
        {
            at = at.Properties.GetValueOrDefault(name);
            if (at is null)
            {
                return "does not refer to a valid field";
            }
        }

        return at.Type is "boolean" or "integer" or "string" ? "" : "must point to a field of type string, boolean or integer";
    }
}
