using MiniPlane.Cel.Values;

namespace MiniPlane.Cel.Expressions;

/// <summary><c>a.b</c>, <c>a.?b</c>, and with <see cref="IsTest"/> the macro <c>has(a.b)</c>.</summary>
internal sealed class SelectExpression : Expression
{
    public required Expression Operand { get; init; }

    public required string Field { get; init; }

    public bool IsTest { get; init; }

    public bool IsOptional { get; init; }

    public override IEnumerable<Expression> Parts => [Operand];

    public override object? Evaluate(Frame frame)
    {
        frame.Step();
        object? operand = Operand.Evaluate(frame);
        if (operand is CelOptional optional)
        {
            return OfOptional(optional);
        }

        if (operand is CelAuthorizer authorizer)
        {
            return authorizer.Call(Field, []);
        }

        if (operand is not CelMap map)
        {
            throw operand is null && IsTest ? new CelException("no such overload") : Missing(operand);
        }

        bool isFound = map.TryGet(Field, out object? value);
        if (IsTest)
        {
            return isFound;
        }

        if (IsOptional)
        {
            return isFound ? CelOptional.Of(value) : CelOptional.None;
        }

        return isFound ? value : throw new CelException($"no such key: {Field}");
    }

    protected override CelType FindType(CheckScope scope)
    {
        CelType operand = Operand.Check(scope);
        bool wasOptional = operand.Kind == CelKind.Optional;
        CelType field = FieldOf(wasOptional ? operand.Element : operand, scope);
        return IsTest ? CelType.Bool : wasOptional || IsOptional ? CelType.Optional(field) : field;
    }

    private CelType FieldOf(CelType type, CheckScope scope)
    {
        switch (type.Kind)
        {
            case CelKind.Dyn:
                return CelType.Dyn;
            case CelKind.Authorizer:
                return type;
            case CelKind.Map:
                return type.Element;
            case CelKind.Object:
                return type.Fields.GetValueOrDefault(FieldNames.Unescape(Field))
                    ?? (type.IsOpen ? CelType.Dyn : scope.Wrong(Position, $"undefined field '{Field}'"));
            default:
                return scope.Wrong(Position, $"type '{type}' does not support field selection");
        }
    }

    private object OfOptional(CelOptional optional)
    {
        object? value = null;
        bool isFound = optional.HasValue && optional.Value is CelMap map && map.TryGet(Field, out value);
        return IsTest ? isFound : isFound ? CelOptional.Of(value) : CelOptional.None;
    }

    private CelException Missing(object? operand) => operand is null
        ? new CelException($"no such key: {Field}")
        : CelException.NoSuchOverload();
}
