using MiniPlane.Cel.Values;

namespace MiniPlane.Cel.Expressions;

/// <summary><c>a.optMap(x, f(x))</c> and <c>a.optFlatMap(x, f(x))</c>.</summary>
internal sealed class OptionalMapExpression : Expression
{
    public required Expression Operand { get; init; }

    public required string Name { get; init; }

    public required Expression Body { get; init; }

    public required bool IsFlat { get; init; }

    public override IEnumerable<Expression> Parts => [Operand, Body];

    public override object? Evaluate(Frame frame)
    {
        frame.Step();
        if (Operand.Evaluate(frame) is not CelOptional optional)
        {
            throw CelException.NoSuchOverload();
        }

        if (!optional.HasValue)
        {
            return CelOptional.None;
        }

        object? value = Body.Evaluate(frame.With(Name, optional.Value));
        return IsFlat ? value : CelOptional.Of(value);
    }

    protected override CelType FindType(CheckScope scope)
    {
        CelType operand = Operand.Check(scope);
        CelType body = Body.Check(scope.With(Name, operand.Kind == CelKind.Optional ? operand.Element : CelType.Dyn));
        return IsFlat ? body : CelType.Optional(body);
    }
}
