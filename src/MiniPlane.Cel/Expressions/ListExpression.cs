using MiniPlane.Cel.Values;

namespace MiniPlane.Cel.Expressions;

/// <summary><c>[a, ?b]</c>.</summary>
internal sealed class ListExpression : Expression
{
    public required IReadOnlyList<(Expression Item, bool IsOptional)> Items { get; init; }

    public override IEnumerable<Expression> Parts => Items.Select(item => item.Item);

    public override object? Evaluate(Frame frame)
    {
        frame.Step();
        var list = new List<object?>(Items.Count);
        foreach ((Expression item, bool isOptional) in Items)
        {
            object? value = item.Evaluate(frame);
            if (!isOptional)
            {
                list.Add(value);
            }
            else if (value is CelOptional { HasValue: true } optional)
            {
                list.Add(optional.Value);
            }
        }

        return list;
    }

    protected override CelType FindType(CheckScope scope)
    {
        CelType? element = null;
        foreach ((Expression item, bool isOptional) in Items)
        {
            CelType type = item.Check(scope);
            type = isOptional ? type.Element : type;
            element = element is null || element.Accepts(type) ? element ?? type : CelType.Dyn;
        }

        return CelType.List(element ?? CelType.Dyn, Items.Count);
    }
}
