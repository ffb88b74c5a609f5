using MiniPlane.Cel.Values;

namespace MiniPlane.Cel.Functions;

/// <summary>Optional values. What stands in <c>or</c> and <c>orValue</c> is only evaluated when it is needed.</summary>
internal static class OptionalFunctions
{
    public static void Add(FunctionList list) => list
        .Add("optional.of(dyn) optional", values => CelOptional.Of(values[0]))
        .Add("optional.none() optional", _ => CelOptional.None)
        .Add("optional.ofNonZeroValue(dyn) optional", values => IsZero(values[0]) ? CelOptional.None : CelOptional.Of(values[0]))
        .Add("optional.unwrap(list) list", values => Unwrap((IReadOnlyList<object?>)values[0]!))
        .Add("list.unwrapOpt() list", values => Unwrap((IReadOnlyList<object?>)values[0]!))
        .Add("<optional>.hasValue() bool", values => ((CelOptional)values[0]!).HasValue)
        .Add("<optional>.value() dyn", values => ((CelOptional)values[0]!).Value)
        .Add("<optional>.or(optional) optional", values => ((CelOptional)values[0]!).HasValue ? values[0] : values[1])
        .Add("<optional>.orValue(dyn) dyn", values => values[0] is CelOptional { HasValue: true } some ? some.Value : values[1]);

    private static List<object?> Unwrap(IReadOnlyList<object?> list) =>
        [.. list.OfType<CelOptional>().Where(optional => optional.HasValue).Select(optional => optional.Value)];

    private static bool IsZero(object? value) => value switch
    {
        null or false or 0L or 0UL or 0.0 or "" => true,
        byte[] bytes => bytes.Length == 0,
        CelMap map => map.Count == 0,
        IReadOnlyList<object?> list => list.Count == 0,
        TimeSpan span => span == TimeSpan.Zero,
        _ => false,
    };
}
