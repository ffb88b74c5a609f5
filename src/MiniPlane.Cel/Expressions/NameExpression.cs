using System.Collections.Frozen;

namespace MiniPlane.Cel.Expressions;

/// <summary>A variable, or the name of a type.</summary>
internal sealed class NameExpression : Expression
{
    private static readonly FrozenDictionary<string, CelType> Types = new Dictionary<string, CelType>(StringComparer.Ordinal)
    {
        ["bool"] = CelType.Bool,
        ["int"] = CelType.Int,
        ["uint"] = CelType.Uint,
        ["double"] = CelType.Double,
        ["string"] = CelType.String,
        ["bytes"] = CelType.Bytes,
        ["list"] = CelType.Of(CelKind.List),
        ["map"] = CelType.Of(CelKind.Map),
        ["null_type"] = CelType.Null,
        ["type"] = CelType.Type,
        ["dyn"] = CelType.Dyn,
        ["optional_type"] = CelType.Of(CelKind.Optional),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public required string Name { get; init; }

    public override IEnumerable<Expression> Parts => [];

    public override object? Evaluate(Frame frame)
    {
        frame.Step();
        return frame.TryGet(Name, out object? value) ? value
            : Types.TryGetValue(Name, out CelType? type) ? type
            : throw new CelException($"no such attribute(s): {Name}");
    }

    protected override CelType FindType(CheckScope scope) =>
        scope.Find(Name)
        ?? (Types.ContainsKey(Name) ? CelType.Type : scope.Wrong(Position, $"undeclared reference to '{Name}' (in container '')"));
}
