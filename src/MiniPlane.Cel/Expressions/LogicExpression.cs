namespace MiniPlane.Cel.Expressions;

/// <summary><c>&amp;&amp;</c> and <c>||</c>: an error on one side does not matter when the other side decides.</summary>
internal sealed class LogicExpression : Expression
{
    public required bool IsAnd { get; init; }

    public required Expression Left { get; init; }

    public required Expression Right { get; init; }

    public override IEnumerable<Expression> Parts => [Left, Right];

    public override object? Evaluate(Frame frame)
    {
        frame.Step();
        (bool? left, CelException? problem) = Side(Left, frame);
        if (left is { } first && first != IsAnd)
        {
            return first;
        }

        (bool? right, CelException? other) = Side(Right, frame);
        if (right is { } second && second != IsAnd)
        {
            return second;
        }

        return (problem ?? other) is { } error ? throw error : IsAnd;
    }

    protected override CelType FindType(CheckScope scope)
    {
        CelType left = Left.Check(scope);
        CelType right = Right.Check(scope);
        return CelType.Bool.Accepts(left) && CelType.Bool.Accepts(right)
            ? CelType.Bool
            : scope.NoOverload(Position, IsAnd ? "_&&_" : "_||_", false, [left, right]);
    }

    private static (bool? Value, CelException? Problem) Side(Expression side, Frame frame)
    {
        try
        {
            return side.Evaluate(frame) is bool flag ? (flag, null) : (null, CelException.NoSuchOverload());
        }
        catch (CelException error)
        {
            return (null, error);
        }
    }
}
