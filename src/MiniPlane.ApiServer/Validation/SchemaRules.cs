using System.Globalization;
using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Registry;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Validation;

/// <summary>
/// Words and required texts that the catalogue knows and no rule of the kind has spoken about: upstream's own rules check nearly all of
/// them one by one. Status and metadata have rules of their own; custom kinds have their schema.
/// </summary>
internal static class SchemaRules
{
    // Required by the schema, but the empty string is a value: an audience that stands for the API server, an empty header.
    private static readonly string[] MayBeEmpty = ["audience", "value"];

    public static void Validate(KindDefinition kind, JsonObject obj, FieldErrors errors)
    {
        if (kind.Kind == "Event" || kind.IsCustom())
        {
            return;
        }

        HashSet<string> spoken = [.. errors.Causes.Select(cause => cause.Field)];
        foreach (FieldDefinition field in kind.Type.Fields)
        {
            if (field.Name is not ("metadata" or "status" or "kind" or "apiVersion"))
            {
                Field(field, obj[field.Name], field.Name, spoken, errors);
            }
        }
    }

    private static void Field(FieldDefinition field, JsonNode? value, string path, HashSet<string> spoken, FieldErrors errors)
    {
        switch (field.Shape)
        {
            case FieldShape.List when value is JsonArray array:
                for (int index = 0; index < array.Count; index++)
                {
                    Value(field, array[index], string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]"), spoken, errors);
                }

                break;
            case FieldShape.Map when value is JsonObject map:
                foreach ((string key, JsonNode? item) in map)
                {
                    Value(field, item, $"{path}[{key}]", spoken, errors);
                }

                break;
            case FieldShape.Single:
                Single(field, value, path, spoken, errors);
                break;
            default:
                break;
        }
    }

    private static void Single(FieldDefinition field, JsonNode? value, string path, HashSet<string> spoken, FieldErrors errors)
    {
        bool isMissingText = field.Type.Form == TypeForm.String && value.TextOrEmpty().Length == 0;
        if (isMissingText && field.IsRequired && !MayBeEmpty.Contains(field.Name, StringComparer.Ordinal) && !spoken.Contains(path))
        {
            errors.Required(path);
        }
        else if (value is not null)
        {
            Value(field, value, path, spoken, errors);
        }
    }

    private static void Value(FieldDefinition field, JsonNode? value, string path, HashSet<string> spoken, FieldErrors errors)
    {
        if (field.Enum.Count > 0 && value.TextOrEmpty() is { Length: > 0 } word)
        {
            // A rule may have refused one element under the name of its list.
            bool isKnown = field.Enum.Contains(word, StringComparer.Ordinal);
            if (!isKnown && !spoken.Contains(path) && !spoken.Contains(path.Split('[')[0]))
            {
                errors.NotSupported(path, word, field.Enum);
            }
        }
        else if (value is JsonObject json && field.Type.Form == TypeForm.Object)
        {
            foreach (FieldDefinition child in field.Type.Fields)
            {
                // An object inside an object: a claim template has metadata and a status.
                if (child.Name is not ("metadata" or "status"))
                {
                    Field(child, json[child.Name], $"{path}.{child.Name}", spoken, errors);
                }
            }
        }
    }
}
