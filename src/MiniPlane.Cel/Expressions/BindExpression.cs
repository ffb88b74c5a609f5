namespace MiniPlane.Cel.Expressions;

/// <summary><c>cel.bind(name, value, body)</c>.</summary>
internal sealed class BindExpression : Expression
{
    public required string Name { get; init; }

    public required Expression Value { get; init; }

    public required Expression Body { get; init; }

    public override IEnumerable<Expression> Parts => [Value, Body];

    public override object? Evaluate(Frame frame)
    {
        frame.Step();
        return Body.Evaluate(frame.With(Name, Value.Evaluate(frame)));
    }

    protected override CelType FindType(CheckScope scope) => Body.Check(scope.With(Name, Value.Check(scope)));
}
