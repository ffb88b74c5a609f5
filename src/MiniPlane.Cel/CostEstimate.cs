using MiniPlane.Cel.Expressions;

namespace MiniPlane.Cel;

/// <summary>
/// What an expression may cost at most, from the greatest sizes that its types allow (the idea of cel-go's cost estimation). A rough
/// upper bound in the units of <see cref="CelBudget"/>.
/// </summary>
internal static class CostEstimate
{
    // No request is larger, so nothing in it has more characters or items.
    private const double LargestRequest = 3 * 1024 * 1024;
    private const double TextStep = 0.1;

    public static double Of(Expression expression) => expression switch
    {
        LiteralExpression => 0,
        NameExpression => 1,
        MacroExpression macro => OfMacro(macro),
        ConditionalExpression choice => Of(choice.Condition) + Math.Max(Of(choice.Then), Of(choice.Else)),
        BinaryExpression binary => Of(binary.Left) + Of(binary.Right) + OfOperator(binary),
        CallExpression call => call.Arguments.Sum(Of) + OfCall(call),
        _ => 1 + expression.Parts.Sum(Of),
    };

    /// <summary>The most items, entries or characters of a value of the type.</summary>
    public static double SizeOf(CelType type) => type.Largest ?? type.Kind switch
    {
        CelKind.String or CelKind.Bytes => LargestRequest,
        CelKind.List => LargestRequest / (LeastLength(type.Element) + 1),
        CelKind.Map => LargestRequest / (LeastLength(type.Element) + 6),
        _ => 1,
    };

    // What a function makes of a text or a list is, as a rule, no larger than that was.
    private static double SizeOf(Expression expression) => expression switch
    {
        { Type.Largest: { } largest } => largest,
        CallExpression { Arguments: [{ } first, ..] } => SizeOf(first),
        IndexExpression { Operand: CallExpression { Arguments: [{ } first, ..] } } => SizeOf(first),
        _ => SizeOf(expression.Type),
    };

    private static double OfMacro(MacroExpression macro) =>
        Of(macro.Range) + (SizeOf(macro.Range) * (1 + Of(macro.Body) + (macro.Condition is { } condition ? Of(condition) : 0)));

    private static double OfOperator(BinaryExpression binary)
    {
        (Expression left, Expression right) = (binary.Left, binary.Right);
        return binary.Operator switch
        {
            "in" when right.Type.Kind == CelKind.List => SizeOf(right),
            "==" or "!=" or "<" or ">" or "<=" or ">=" => 1 + (Math.Min(Weight(left), Weight(right)) * TextStep),
            "+" => 1 + ((Weight(left) + Weight(right)) * TextStep),
            _ => 1,
        };
    }

    private static double OfCall(CallExpression call)
    {
        double first = call.Arguments.Count > 0 ? Weight(call.Arguments[0]) : 1;
        double second = call.Arguments.Count > 1 ? Weight(call.Arguments[1]) : 1;
        return call.Function switch
        {
            "contains" => 1 + (first * second * TextStep * TextStep),
            "matches" or "find" or "findAll" => 1 + ((1 + (first * TextStep)) * (1 + (Math.Min(second, 1000) * 0.25))),
            "startsWith" or "endsWith" => 1 + (second * TextStep),
            "size" => 1,
            "sets.contains" or "sets.intersects" or "sets.equivalent" => first * second,
            _ => 1 + (first * TextStep),
        };
    }

    private static double Weight(Expression expression) =>
        expression.Type.Kind is CelKind.String or CelKind.Bytes or CelKind.List or CelKind.Map ? SizeOf(expression) : 1;

    // The shortest JSON that a value can have.
    private static double LeastLength(CelType type) => type.Kind switch
    {
        CelKind.Bool => 4,
        CelKind.String or CelKind.List or CelKind.Map or CelKind.Object => 2,
        _ => 1,
    };
}
