using MiniPlane.Cel.Values;

namespace MiniPlane.Cel.Expressions;

/// <summary><c>a[b]</c> and <c>a[?b]</c>.</summary>
internal sealed class IndexExpression : Expression
{
    public required Expression Operand { get; init; }

    public required Expression Index { get; init; }

    public bool IsOptional { get; init; }

    public override IEnumerable<Expression> Parts => [Operand, Index];

    public override object? Evaluate(Frame frame)
    {
        frame.Step();
        object? operand = Operand.Evaluate(frame);
        object? index = Index.Evaluate(frame);
        if (operand is CelOptional optional)
        {
            return optional.HasValue && TryGet(optional.Value, index, out object? inner, out _) ? CelOptional.Of(inner) : CelOptional.None;
        }

        bool isFound = TryGet(operand, index, out object? value, out string problem);
        return IsOptional
            ? (isFound ? CelOptional.Of(value) : CelOptional.None)
            : isFound ? value : throw new CelException(problem);
    }

    protected override CelType FindType(CheckScope scope)
    {
        CelType operand = Operand.Check(scope);
        CelType index = Index.Check(scope);
        bool wasOptional = operand.Kind == CelKind.Optional;
        CelType holder = wasOptional ? operand.Element : operand;
        bool fits = holder.Kind switch
        {
            CelKind.Dyn => true,
            CelKind.List => index.Kind is CelKind.Int or CelKind.Uint or CelKind.Double or CelKind.Dyn,
            CelKind.Map => holder.Key.Accepts(index),
            _ => false,
        };
        if (!fits)
        {
            return scope.NoOverload(Position, IsOptional ? "_[?_]" : "_[_]", false, [operand, index]);
        }

        CelType element = holder.Kind == CelKind.Dyn ? CelType.Dyn : holder.Element;
        return wasOptional || IsOptional ? CelType.Optional(element) : element;
    }

    private static bool TryGet(object? operand, object? index, out object? value, out string problem)
    {
        value = null;
        problem = "no such overload";
        switch (operand, index)
        {
            case (CelMap map, _):
                problem = $"no such key: {CelText.Of(index)}";
                return map.TryGet(index, out value);
            case (IReadOnlyList<object?> list, long or ulong or double):
                problem = $"index out of bounds: {CelText.Of(index)}";
                double at = Convert.ToDouble(index, System.Globalization.CultureInfo.InvariantCulture);
                if (at < 0 || at >= list.Count || !double.IsInteger(at))
                {
                    return false;
                }

                value = list[(int)at];
                return true;
            default:
                throw CelException.NoSuchOverload();
        }
    }
}
