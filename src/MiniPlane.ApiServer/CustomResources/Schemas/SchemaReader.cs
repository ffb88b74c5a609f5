using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MiniPlane.ApiServer.CustomResources.Rules;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.CustomResources.Schemas;

/// <summary>Reads an <c>openAPIV3Schema</c> as a structural schema. Total: what makes no sense is left out; the rules of the definition name it.</summary>
internal static class SchemaReader
{
    // Structural schemas cannot refer to themselves; this only bounds what a client can make us do.
    private const int DeepestNesting = 100;

    private static readonly TimeSpan LongestMatch = TimeSpan.FromMilliseconds(250);

    public static StructuralSchema Read(JsonObject schema) => Read(schema, 0);

    private static StructuralSchema Read(JsonObject schema, int depth)
    {
        if (depth > DeepestNesting)
        {
            return new StructuralSchema { Rules = new ValueRules(), PreservesUnknownFields = true };
        }

        Dictionary<string, StructuralSchema> properties = new(StringComparer.Ordinal);
        foreach ((string name, JsonNode? property) in (schema.Object("properties") ?? []).OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            properties[name] = Read(property as JsonObject ?? [], depth + 1);
        }

        StructuralSchema? items = schema.Object("items") is { } item ? Read(item, depth + 1) : null;
        StructuralSchema? map = schema.Object("additionalProperties") is { } value ? Read(value, depth + 1) : null;
        ValidationRule[] validations = [.. schema.Objects("x-kubernetes-validations").Select(ValidationRule.Read)];
        IEnumerable<StructuralSchema> below = properties.Values.Concat([.. items is null ? [] : (StructuralSchema[])[items], .. map is null ? [] : (StructuralSchema[])[map]]);
        return new StructuralSchema
        {
            Type = schema.TextOrEmpty("type"),
            IsNullable = schema.Flag("nullable") == true,
            Default = schema["default"]?.DeepClone(),
            Properties = properties,
            Items = items,
            AdditionalProperties = map,
            AllowsAnyProperty = schema.Flag("additionalProperties") == true,
            PreservesUnknownFields = schema.Flag("x-kubernetes-preserve-unknown-fields") == true,
            IsEmbeddedResource = schema.Flag("x-kubernetes-embedded-resource") == true,
            IsIntOrString = schema.Flag("x-kubernetes-int-or-string") == true,
            ListType = schema.Text("x-kubernetes-list-type"),
            ListMapKeys = [.. schema.Texts("x-kubernetes-list-map-keys")],
            MapType = schema.Text("x-kubernetes-map-type"),
            Rules = ReadRules(schema, depth),
            Validations = validations,
            HasValidations = validations.Length > 0 || below.Any(one => one.HasValidations),
            HasEmbeddedResources = schema.Flag("x-kubernetes-embedded-resource") == true || below.Any(one => one.HasEmbeddedResources),
            HasDefaults = schema["default"] is not null || below.Any(one => one.HasDefaults),
        };
    }

    private static ValueRules ReadRules(JsonObject schema, int depth)
    {
        string pattern = schema.TextOrEmpty("pattern");
        return new ValueRules
        {
            Format = schema.TextOrEmpty("format"),
            Maximum = Number(schema["maximum"]),
            IsMaximumExclusive = schema.Flag("exclusiveMaximum") == true,
            Minimum = Number(schema["minimum"]),
            IsMinimumExclusive = schema.Flag("exclusiveMinimum") == true,
            MultipleOf = Number(schema["multipleOf"]),
            MaxLength = schema.Integer("maxLength"),
            MinLength = schema.Integer("minLength"),
            Pattern = pattern,
            Expression = pattern.Length == 0 ? null : Compile(pattern),
            MaxItems = schema.Integer("maxItems"),
            MinItems = schema.Integer("minItems"),
            RequiresUniqueItems = schema.Flag("uniqueItems") == true,
            MaxProperties = schema.Integer("maxProperties"),
            MinProperties = schema.Integer("minProperties"),
            Required = [.. schema.Texts("required")],
            Enum = schema.Array("enum") is { } values ? [.. values.Select(value => value?.DeepClone())] : null,
            AllOf = [.. schema.Objects("allOf").Select(one => Read(one, depth + 1))],
            AnyOf = [.. schema.Objects("anyOf").Select(one => Read(one, depth + 1))],
            OneOf = [.. schema.Objects("oneOf").Select(one => Read(one, depth + 1))],
            Not = schema.Object("not") is { } not ? Read(not, depth + 1) : null,
        };
    }

    /// <summary>
    /// Go's regular expressions never backtrack, so neither do these; the few that .NET cannot run that way are given a short time.
    /// </summary>
    public static Regex? Compile(string pattern)
    {
        string translated = pattern.Replace("(?P<", "(?<", StringComparison.Ordinal);
        foreach (RegexOptions options in (ReadOnlySpan<RegexOptions>)[RegexOptions.NonBacktracking, RegexOptions.None])
        {
            try
            {
                return new Regex(translated, options | RegexOptions.CultureInvariant, LongestMatch);
            }
            catch (Exception error) when (error is NotSupportedException or ArgumentException)
            {
                continue;
            }
        }

        return null;
    }

    private static double? Number(JsonNode? node) =>
        node is JsonValue value && value.GetValueKind() == System.Text.Json.JsonValueKind.Number
        && double.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            ? number
            : null;
}
