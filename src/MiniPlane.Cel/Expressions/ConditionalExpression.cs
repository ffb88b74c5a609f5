namespace MiniPlane.Cel.Expressions;

/// <summary><c>a ? b : c</c>.</summary>
internal sealed class ConditionalExpression : Expression
{
    public required Expression Condition { get; init; }

    public required Expression Then { get; init; }

    public required Expression Else { get; init; }

    public override IEnumerable<Expression> Parts => [Condition, Then, Else];

    public override object? Evaluate(Frame frame)
    {
        frame.Step();
        return Condition.Evaluate(frame) is bool flag
            ? (flag ? Then : Else).Evaluate(frame)
            : throw CelException.NoSuchOverload();
    }

    protected override CelType FindType(CheckScope scope)
    {
        CelType condition = Condition.Check(scope);
        CelType yes = Then.Check(scope);
        CelType no = Else.Check(scope);
        if (!CelType.Bool.Accepts(condition) || (!yes.Accepts(no) && !no.Accepts(yes)))
        {
            return scope.NoOverload(Position, "_?_:_", false, [condition, yes, no]);
        }

        return yes.Kind is CelKind.Dyn or CelKind.Null ? no : no.Kind is CelKind.Dyn ? no : yes;
    }
}
