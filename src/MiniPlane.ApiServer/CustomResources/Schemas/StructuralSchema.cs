using System.Text.Json.Nodes;
using MiniPlane.ApiServer.CustomResources.Rules;

namespace MiniPlane.ApiServer.CustomResources.Schemas;

/// <summary>
/// One place of a structural schema (apiextensions-apiserver/pkg/apiserver/schema.Structural): what the place holds, how it is
/// defaulted and merged, and what its value must satisfy. Immutable once read.
/// </summary>
internal sealed class StructuralSchema
{
    /// <summary><c>object</c>, <c>array</c>, <c>string</c>, <c>integer</c>, <c>number</c>, <c>boolean</c>, or empty.</summary>
    public string Type { get; init; } = "";

    public bool IsNullable { get; init; }

    public JsonNode? Default { get; init; }

    /// <summary>Properties in the order of their names.</summary>
    public IReadOnlyDictionary<string, StructuralSchema> Properties { get; init; } = NoProperties;

    /// <summary>The schema of an array's items.</summary>
    public StructuralSchema? Items { get; init; }

    /// <summary>The schema of a map's values; null when there is no map.</summary>
    public StructuralSchema? AdditionalProperties { get; init; }

    /// <summary><c>additionalProperties: true</c>.</summary>
    public bool AllowsAnyProperty { get; init; }

    public bool PreservesUnknownFields { get; init; }

    public bool IsEmbeddedResource { get; init; }

    public bool IsIntOrString { get; init; }

    /// <summary><c>atomic</c>, <c>set</c>, <c>map</c> or null.</summary>
    public string? ListType { get; init; }

    public IReadOnlyList<string> ListMapKeys { get; init; } = [];

    /// <summary><c>atomic</c>, <c>granular</c> or null.</summary>
    public string? MapType { get; init; }

    public required ValueRules Rules { get; init; }

    /// <summary>The place's <c>x-kubernetes-validations</c>.</summary>
    public IReadOnlyList<ValidationRule> Validations { get; init; } = [];

    /// <summary>A rule here or further below.</summary>
    public bool HasValidations { get; init; }

    /// <summary>A default here or further below.</summary>
    public bool HasDefaults { get; init; }

    /// <summary>Whole objects here or further below.</summary>
    public bool HasEmbeddedResources { get; init; }

    private static IReadOnlyDictionary<string, StructuralSchema> NoProperties { get; } =
        new Dictionary<string, StructuralSchema>(StringComparer.Ordinal);

    /// <summary>The schema of a property, declared or of a map; null when nothing is known of it.</summary>
    public StructuralSchema? Property(string name) =>
        Properties.TryGetValue(name, out StructuralSchema? property) ? property : AdditionalProperties;
}
