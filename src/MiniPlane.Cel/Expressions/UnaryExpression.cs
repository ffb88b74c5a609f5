using MiniPlane.Cel.Values;

namespace MiniPlane.Cel.Expressions;

/// <summary><c>!a</c> and <c>-a</c>.</summary>
internal sealed class UnaryExpression : Expression
{
    public required bool IsNot { get; init; }

    public required Expression Operand { get; init; }

    public override IEnumerable<Expression> Parts => [Operand];

    public override object? Evaluate(Frame frame)
    {
        frame.Step();
        object? value = Operand.Evaluate(frame);
        return IsNot ? (value is bool flag ? !flag : throw CelException.NoSuchOverload()) : Arithmetic.Negate(value);
    }

    protected override CelType FindType(CheckScope scope)
    {
        CelType operand = Operand.Check(scope);
        bool fits = IsNot
            ? CelType.Bool.Accepts(operand)
            : operand.Kind is CelKind.Int or CelKind.Double or CelKind.Dyn;
        return fits ? (IsNot ? CelType.Bool : operand) : scope.NoOverload(Position, IsNot ? "!_" : "-_", false, [operand]);
    }
}
