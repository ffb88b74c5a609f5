using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MiniPlane.ApiServer.Registry;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Validation;

/// <summary>
/// Words and required texts that the catalogue knows and no rule of the kind has spoken about: upstream's own rules check nearly all of
/// them one by one. Status and metadata have rules of their own; custom kinds have their schema.
/// </summary>
internal static partial class SchemaRules
{
    // Required by the schema, but the empty string is a value: an audience that stands for the API server, an empty header.
    private static readonly string[] MayBeEmpty = ["audience", "value"];

    private static readonly ConditionalWeakTable<TypeDefinition, FieldDefinition[]> Ruled = [];

    public static void Validate(KindDefinition kind, JsonObject obj, FieldErrors errors)
    {
        if (kind.Kind == "Event" || kind.IsCustom())
        {
            return;
        }

        var walk = new Walk(errors);
        foreach (FieldDefinition field in RuledFields(kind.Type))
        {
            if (field.Name is not ("kind" or "apiVersion"))
            {
                walk.Field(field, obj[field.Name], null);
            }
        }
    }

    private static FieldDefinition[] RuledFields(TypeDefinition type) =>
        Ruled.GetValue(type, static type => [.. type.Fields.Where(field => IsRuled(field, []))]);

    // Whether the catalogue demands anything of a field or of what is in it. Metadata and status may be anywhere: a claim template has both.
    private static bool IsRuled(FieldDefinition field, HashSet<TypeDefinition> seen) =>
        field.Name is not ("metadata" or "status")
        && (field.Enum.Count > 0
            || (field.IsRequired && field.Type.Form == TypeForm.String)
            || (field.Type.Form == TypeForm.Object && seen.Add(field.Type) && field.Type.Fields.Any(child => IsRuled(child, seen))));

    [GeneratedRegex(@"\[\d+\]", RegexOptions.None, 1000)]
    private static partial Regex Index();

    private sealed class Walk(FieldErrors errors)
    {
        // What the kind's own rules have spoken about, before this walk adds to it.
        private readonly HashSet<string> _spoken = errors.IsEmpty ? [] : [.. errors.Causes.Select(cause => cause.Field)];

        public void Field(FieldDefinition field, JsonNode? value, Spot? above)
        {
            if (value is null && !field.IsRequired)
            {
                return;
            }

            var here = new Spot(above, field.Name);
            switch (field.Shape)
            {
                case FieldShape.List when value is JsonArray array:
                    for (int index = 0; index < array.Count; index++)
                    {
                        here.MoveTo(index);
                        Value(field, array[index], here);
                    }

                    break;
                case FieldShape.Map when value is JsonObject map:
                    if (field.Enum.Count == 0 && field.Type.Form != TypeForm.Object)
                    {
                        break;
                    }

                    foreach ((string key, JsonNode? item) in map)
                    {
                        here.MoveTo(key);
                        Value(field, item, here);
                    }

                    break;
                case FieldShape.Single:
                    Single(field, value, here);
                    break;
                default:
                    break;
            }
        }

        private void Single(FieldDefinition field, JsonNode? value, Spot here)
        {
            bool isMissingText = field.IsRequired && field.Type.Form == TypeForm.String && value.TextOrEmpty().Length == 0;
            if (isMissingText && !MayBeEmpty.Contains(field.Name, StringComparer.Ordinal) && !_spoken.Contains(here.ToString()))
            {
                errors.Required(here.ToString());
            }
            else if (value is not null)
            {
                Value(field, value, here);
            }
        }

        private void Value(FieldDefinition field, JsonNode? value, Spot here)
        {
            if (field.Enum.Count > 0 && value.TextOrEmpty() is { Length: > 0 } word)
            {
                if (!field.Enum.Contains(word, StringComparer.Ordinal))
                {
                    RefuseWord(field, word, here.ToString());
                }
            }
            else if (value is JsonObject json && field.Type.Form == TypeForm.Object)
            {
                foreach (FieldDefinition child in RuledFields(field.Type))
                {
                    Field(child, json[child.Name], here);
                }
            }
        }

        private void RefuseWord(FieldDefinition field, string word, string path)
        {
            // A rule may have refused one element under the name of its list, or without saying which.
            if (!_spoken.Contains(path) && !_spoken.Contains(path.Split('[')[0]) && !_spoken.Contains(Index().Replace(path, "")))
            {
                errors.NotSupported(path, word, field.Enum);
            }
        }

    }

    /// <summary>Where the walk is; written out only when there is something to refuse.</summary>
    private sealed class Spot(Spot? above, string name)
    {
        private int _index = -1;
        private string? _key;

        public void MoveTo(int index) => _index = index;

        public void MoveTo(string key) => _key = key;

        public override string ToString()
        {
            string path = above is null ? name : $"{above}.{name}";
            return _key is not null ? $"{path}[{_key}]"
                : _index >= 0 ? string.Create(CultureInfo.InvariantCulture, $"{path}[{_index}]")
                : path;
        }
    }
}
