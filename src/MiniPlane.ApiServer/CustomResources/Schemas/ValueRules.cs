using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MiniPlane.ApiServer.CustomResources.Schemas;

/// <summary>What a value must satisfy beyond its type: the value validations of JSON schema that CustomResourceDefinitions may use.</summary>
internal sealed class ValueRules
{
    public string Format { get; init; } = "";

    public double? Maximum { get; init; }

    public bool IsMaximumExclusive { get; init; }

    public double? Minimum { get; init; }

    public bool IsMinimumExclusive { get; init; }

    public double? MultipleOf { get; init; }

    public long? MaxLength { get; init; }

    public long? MinLength { get; init; }

    public string Pattern { get; init; } = "";

    /// <summary>The compiled <see cref="Pattern"/>; null when there is none or it is no regular expression.</summary>
    public Regex? Expression { get; init; }

    public long? MaxItems { get; init; }

    public long? MinItems { get; init; }

    public bool RequiresUniqueItems { get; init; }

    public long? MaxProperties { get; init; }

    public long? MinProperties { get; init; }

    public IReadOnlyList<string> Required { get; init; } = [];

    /// <summary>Null when any value is allowed.</summary>
    public IReadOnlyList<JsonNode?>? Enum { get; init; }

    public IReadOnlyList<StructuralSchema> AllOf { get; init; } = [];

    public IReadOnlyList<StructuralSchema> AnyOf { get; init; } = [];

    public IReadOnlyList<StructuralSchema> OneOf { get; init; } = [];

    public StructuralSchema? Not { get; init; }
}
