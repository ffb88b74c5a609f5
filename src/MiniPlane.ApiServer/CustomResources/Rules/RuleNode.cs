using MiniPlane.ApiServer.CustomResources.Schemas;
using MiniPlane.Cel;

namespace MiniPlane.ApiServer.CustomResources.Rules;

/// <summary>The rules of one place of a schema and of the places below it that have some; places without rules are not there.</summary>
internal sealed class RuleNode
{
    private RuleNode(StructuralSchema schema, CelType type)
    {
        Schema = schema;
        Type = type;
        Rules = [.. schema.Validations.Select(rule => CompiledRule.Compile(rule, type))];
    }

    public StructuralSchema Schema { get; }

    public CelType Type { get; }

    public IReadOnlyList<CompiledRule> Rules { get; }

    public Dictionary<string, RuleNode> Properties { get; } = new(StringComparer.Ordinal);

    public RuleNode? Items { get; private init; }

    public RuleNode? Values { get; private init; }

    /// <summary>Compiles all rules of a schema; null when it has none.</summary>
    public static RuleNode? Of(StructuralSchema schema) => Of(schema, SchemaCelTypes.Of(schema, isResource: true));

    private static RuleNode? Of(StructuralSchema schema, CelType type)
    {
        if (!schema.HasValidations)
        {
            return null;
        }

        var node = new RuleNode(schema, type)
        {
            Items = schema.Items is { } items ? Of(items, type.Kind == CelKind.List ? type.Element : CelType.Dyn) : null,
            Values = schema.AdditionalProperties is { } values ? Of(values, type.Kind == CelKind.Map ? type.Element : CelType.Dyn) : null,
        };
        foreach ((string name, StructuralSchema property) in schema.Properties)
        {
            if (Of(property, type.Fields.GetValueOrDefault(name) ?? CelType.Dyn) is { } below)
            {
                node.Properties[name] = below;
            }
        }

        return node;
    }
}
