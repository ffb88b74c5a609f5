using MiniPlane.Cel.Values;

namespace MiniPlane.Cel.Expressions;

/// <summary>Arithmetic, comparison, equality and <c>in</c>.</summary>
internal sealed class BinaryExpression : Expression
{
    public required string Operator { get; init; }

    public required Expression Left { get; init; }

    public required Expression Right { get; init; }

    public override IEnumerable<Expression> Parts => [Left, Right];

    public override object? Evaluate(Frame frame)
    {
        frame.Step();
        object? left = Left.Evaluate(frame);
        object? right = Right.Evaluate(frame);
        return Operator switch
        {
            "+" => Arithmetic.Add(left, right, frame.Budget),
            "-" => Arithmetic.Subtract(left, right),
            "*" => Arithmetic.Multiply(left, right),
            "/" => Arithmetic.Divide(left, right),
            "%" => Arithmetic.Modulo(left, right),
            "==" => AreEqual(left, right, frame.Budget),
            "!=" => !AreEqual(left, right, frame.Budget),
            "in" => IsIn(left, right, frame.Budget),
            "<" => CelValues.Compare(left, right) is < 0,
            "<=" => CelValues.Compare(left, right) is <= 0,
            ">" => CelValues.Compare(left, right) is > 0,
            _ => CelValues.Compare(left, right) is >= 0,
        };
    }

    protected override CelType FindType(CheckScope scope)
    {
        CelType left = Left.Check(scope);
        CelType right = Right.Check(scope);
        CelType? found = Operator switch
        {
            "==" or "!=" => left.Accepts(right) || right.Accepts(left) ? CelType.Bool : null,
            "in" => FindIn(left, right),
            "<" or "<=" or ">" or ">=" => OperandTypes.AreOrdered(left, right) ? CelType.Bool : null,
            _ => OperandTypes.OfArithmetic(Operator, left, right),
        };
        return found ?? scope.NoOverload(Position, Operator == "in" ? "@in" : $"_{Operator}_", false, [left, right]);
    }

    private static CelType? FindIn(CelType left, CelType right) => right.Kind switch
    {
        CelKind.Dyn => CelType.Bool,
        CelKind.List => right.Element.Accepts(left) || left.Accepts(right.Element) ? CelType.Bool : null,
        CelKind.Map => right.Key.Accepts(left) ? CelType.Bool : null,
        _ => null,
    };

    private static bool AreEqual(object? left, object? right, CelBudget budget)
    {
        if (left is string text && right is string other)
        {
            budget.Charge(Math.Min(text.Length, other.Length) / 10);
        }

        return CelValues.AreEqual(left, right);
    }

    private static bool IsIn(object? item, object? holder, CelBudget budget)
    {
        switch (holder)
        {
            case CelMap map:
                return map.TryGet(item, out _);
            case IReadOnlyList<object?> list:
                budget.Charge(list.Count);
                return list.Any(one => CelValues.AreEqual(one, item));
            default:
                throw CelException.NoSuchOverload();
        }
    }
}
