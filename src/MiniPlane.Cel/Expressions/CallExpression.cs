using MiniPlane.Cel.Functions;
using MiniPlane.Cel.Values;

namespace MiniPlane.Cel.Expressions;

/// <summary>A function applied to values; of a member call the first is what stands before the dot.</summary>
internal sealed class CallExpression : Expression
{
    public required string Function { get; init; }

    public required bool IsMember { get; init; }

    public required IReadOnlyList<Expression> Arguments { get; init; }

    public override IEnumerable<Expression> Parts => Arguments;

    public override object? Evaluate(Frame frame)
    {
        frame.Step();
        object?[] values = new object?[Arguments.Count];
        if (Function is "or" or "orValue" && IsMember && values.Length == 2)
        {
            return FirstOf(frame);
        }

        for (int at = 0; at < values.Length; at++)
        {
            values[at] = Arguments[at].Evaluate(frame);
        }

        foreach (Overload overload in FunctionTable.Find(Function))
        {
            if (overload.Takes(IsMember, values))
            {
                return overload.Run(values, frame);
            }
        }

        throw CelException.NoSuchOverload();
    }

    protected override CelType FindType(CheckScope scope)
    {
        CelType[] types = [.. Arguments.Select(argument => argument.Check(scope))];
        IReadOnlyList<Overload> overloads = FunctionTable.Find(Function);
        if (overloads.Count == 0 || !overloads.Any(overload => overload.IsMember == IsMember))
        {
            return scope.Wrong(Position, $"undeclared reference to '{Function}' (in container '')");
        }

        CelType[] results = [.. overloads.Where(overload => overload.Accepts(IsMember, types)).Select(overload => overload.ResultOf(types))];
        if (results.Length == 0)
        {
            return scope.NoOverload(Position, Function, IsMember, types);
        }

        return Array.TrueForAll(results, result => result.Kind == results[0].Kind) ? results[0] : CelType.Dyn;
    }

    // The alternative is only looked at when it is needed.
    private object? FirstOf(Frame frame)
    {
        if (Arguments[0].Evaluate(frame) is not CelOptional optional)
        {
            throw CelException.NoSuchOverload();
        }

        if (optional.HasValue)
        {
            return Function == "or" ? optional : optional.Value;
        }

        return Arguments[1].Evaluate(frame);
    }
}
