using MiniPlane.Cel.Values;

namespace MiniPlane.Cel.Functions;

/// <summary>cel-go's math extension: the least and the greatest of values, rounding, signs.</summary>
internal static class MathFunctions
{
    private const int MostArguments = 8;

    public static void Add(FunctionList list)
    {
        foreach ((string name, int sign) in (ReadOnlySpan<(string, int)>)[("greatest", 1), ("least", -1)])
        {
            list.Add($"math.{name}(list) dyn", values => Extreme((IReadOnlyList<object?>)values[0]!, sign));
            for (int count = 1; count <= MostArguments; count++)
            {
                list.Add($"math.{name}({string.Join(", ", Enumerable.Repeat("dyn", count))}) dyn", values => Extreme(values, sign));
            }
        }

        list.Add("math.ceil(double) double", values => Math.Ceiling((double)values[0]!))
            .Add("math.floor(double) double", values => Math.Floor((double)values[0]!))
            .Add("math.round(double) double", values => Math.Round((double)values[0]!, MidpointRounding.AwayFromZero))
            .Add("math.trunc(double) double", values => Math.Truncate((double)values[0]!))
            .Add("math.abs(int) int", values => (long)values[0]! < 0 ? Arithmetic.Negate(values[0]) : values[0])
            .Add("math.abs(double) double", values => Math.Abs((double)values[0]!))
            .Add("math.sign(int) int", values => (long)Math.Sign((long)values[0]!))
            .Add("math.sign(double) double", values => (double)Math.Sign((double)values[0]!))
            .Add("math.isNaN(double) bool", values => double.IsNaN((double)values[0]!))
            .Add("math.isInf(double) bool", values => double.IsInfinity((double)values[0]!));
    }

    private static object? Extreme(IReadOnlyList<object?> values, int sign)
    {
        if (values.Count == 0)
        {
            throw new CelException("math.@max(list) argument must not be empty");
        }

        object? best = values[0];
        foreach (object? value in values)
        {
            best = (CelValues.Compare(value, best) ?? 0) * sign > 0 ? value : best;
        }

        return best;
    }
}
