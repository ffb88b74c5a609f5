namespace MiniPlane.Cel.Expressions;

/// <summary>Which types the operators take and give.</summary>
internal static class OperandTypes
{
    /// <summary>The type of the result, or null when the operator does not take these.</summary>
    public static CelType? OfArithmetic(string symbol, CelType left, CelType right)
    {
        if (left.Kind == CelKind.Dyn || right.Kind == CelKind.Dyn)
        {
            return OfHalfKnown(left.Kind == CelKind.Dyn ? right : left);
        }

        return (symbol, left.Kind, right.Kind) switch
        {
            (_, CelKind.Int, CelKind.Int) => CelType.Int,
            (_, CelKind.Uint, CelKind.Uint) => CelType.Uint,
            (not "%", CelKind.Double, CelKind.Double) => CelType.Double,
            ("+", CelKind.String, CelKind.String) => CelType.Text(left.Largest + right.Largest),
            ("+", CelKind.Bytes, CelKind.Bytes) => CelType.Bytes,
            ("+", CelKind.List, CelKind.List) => left.Element.Accepts(right.Element) ? CelType.List(left.Element, left.Largest + right.Largest) : null,
            ("+", CelKind.Timestamp, CelKind.Duration) or ("+", CelKind.Duration, CelKind.Timestamp) or ("-", CelKind.Timestamp, CelKind.Duration) => CelType.Timestamp,
            ("+" or "-", CelKind.Duration, CelKind.Duration) or ("-", CelKind.Timestamp, CelKind.Timestamp) => CelType.Duration,
            _ => null,
        };
    }

    public static bool AreOrdered(CelType left, CelType right)
    {
        if (!IsOrdered(left) || !IsOrdered(right))
        {
            return false;
        }

        return left.Kind == CelKind.Dyn || right.Kind == CelKind.Dyn || left.Kind == right.Kind || (IsNumber(left) && IsNumber(right));
    }

    private static CelType? OfHalfKnown(CelType known) => known.Kind switch
    {
        CelKind.Int or CelKind.Uint or CelKind.Double or CelKind.String or CelKind.Bytes or CelKind.List => known,
        CelKind.Dyn or CelKind.Timestamp or CelKind.Duration => CelType.Dyn,
        _ => null,
    };

    private static bool IsNumber(CelType type) => type.Kind is CelKind.Int or CelKind.Uint or CelKind.Double;

    private static bool IsOrdered(CelType type) => IsNumber(type)
        || type.Kind is CelKind.Dyn or CelKind.String or CelKind.Bytes or CelKind.Bool or CelKind.Timestamp or CelKind.Duration;
}
