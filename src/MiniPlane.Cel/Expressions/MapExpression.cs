using MiniPlane.Cel.Values;

namespace MiniPlane.Cel.Expressions;

/// <summary><c>{a: b, ?c: d}</c>, and with a type's name <c>Object{a: b}</c>, whose keys are field names.</summary>
internal sealed class MapExpression : Expression
{
    public required IReadOnlyList<(Expression Key, Expression Value, bool IsOptional)> Entries { get; init; }

    /// <summary>The name of the type; empty for a plain map.</summary>
    public string TypeName { get; init; } = "";

    public override IEnumerable<Expression> Parts => Entries.SelectMany(entry => (Expression[])[entry.Key, entry.Value]);

    public override object? Evaluate(Frame frame)
    {
        frame.Step();
        var map = new DictionaryMap();
        foreach ((Expression key, Expression value, bool isOptional) in Entries)
        {
            object? name = key.Evaluate(frame);
            object? item = value.Evaluate(frame);
            if (!isOptional)
            {
                map.Add(name, item);
            }
            else if (item is CelOptional { HasValue: true } optional)
            {
                map.Add(name, optional.Value);
            }
        }

        return map;
    }

    protected override CelType FindType(CheckScope scope)
    {
        CelType? keyType = null;
        CelType? valueType = null;
        foreach ((Expression key, Expression value, bool isOptional) in Entries)
        {
            CelType name = key.Check(scope);
            CelType item = value.Check(scope);
            item = isOptional ? item.Element : item;
            keyType = keyType is null || keyType.Accepts(name) ? keyType ?? name : CelType.Dyn;
            valueType = valueType is null || valueType.Accepts(item) ? valueType ?? item : CelType.Dyn;
        }

        return TypeName.Length > 0 ? CelType.Dyn : CelType.Map(keyType ?? CelType.Dyn, valueType ?? CelType.Dyn, Entries.Count);
    }
}
