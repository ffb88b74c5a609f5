
namespace MiniPlane.Cel.Values;

/// <summary>The operators + - * / % and negation, with overflow as an error.</summary>
internal static class Arithmetic
{
    private static readonly DateTimeOffset Earliest = DateTimeOffset.MinValue;

    public static object Add(object? left, object? right, CelBudget budget)
    {
        switch (left, right)
        {
            case (long a, long b):
                return Checked(() => checked(a + b));
            case (ulong a, ulong b):
                return Checked(() => checked(a + b));
            case (double a, double b):
                return a + b;
            case (string a, string b):
                budget.Charge((a.Length + b.Length) / 10);
                return a + b;
            case (byte[] a, byte[] b):
                return (byte[])[.. a, .. b];
            case (IReadOnlyList<object?> a, IReadOnlyList<object?> b):
                budget.Charge(a.Count + b.Count);
                return new List<object?>([.. a, .. b]);
            case (DateTimeOffset a, TimeSpan b):
                return InRange(() => a + b);
            case (TimeSpan a, DateTimeOffset b):
                return InRange(() => b + a);
            case (TimeSpan a, TimeSpan b):
                return Checked(() => a + b);
            default:
                throw CelException.NoSuchOverload();
        }
    }

    public static object Subtract(object? left, object? right) => (left, right) switch
    {
        (long a, long b) => Checked(() => checked(a - b)),
        (ulong a, ulong b) => Checked(() => checked(a - b)),
        (double a, double b) => a - b,
        (DateTimeOffset a, DateTimeOffset b) => a - b,
        (DateTimeOffset a, TimeSpan b) => InRange(() => a - b),
        (TimeSpan a, TimeSpan b) => Checked(() => a - b),
        _ => throw CelException.NoSuchOverload(),
    };

    public static object Multiply(object? left, object? right) => (left, right) switch
    {
        (long a, long b) => Checked(() => checked(a * b)),
        (ulong a, ulong b) => Checked(() => checked(a * b)),
        (double a, double b) => a * b,
        _ => throw CelException.NoSuchOverload(),
    };

    public static object Divide(object? left, object? right) => (left, right) switch
    {
        (long, 0L) or (ulong, 0UL) => throw new CelException("division by zero"),
        (long a, long b) => Checked(() => a == long.MinValue && b == -1 ? throw new OverflowException() : a / b),
        (ulong a, ulong b) => a / b,
        (double a, double b) => a / b,
        _ => throw CelException.NoSuchOverload(),
    };

    public static object Modulo(object? left, object? right) => (left, right) switch
    {
        (long, 0L) or (ulong, 0UL) => throw new CelException("modulus by zero"),
        (long a, long b) => b == -1 ? 0L : a % b,
        (ulong a, ulong b) => a % b,
        _ => throw CelException.NoSuchOverload(),
    };

    public static object Negate(object? value) => value switch
    {
        long a => Checked(() => checked(-a)),
        double a => -a,
        _ => throw CelException.NoSuchOverload(),
    };

    /// <summary>The number of characters, bytes, items or entries.</summary>
    public static long Size(object? value) => value switch
    {
        string text => text.EnumerateRunes().Count(),
        byte[] bytes => bytes.Length,
        CelMap map => map.Count,
        IReadOnlyList<object?> list => list.Count,
        _ => throw CelException.NoSuchOverload(),
    };

    private static object Checked<T>(Func<T> compute)
        where T : struct
    {
        try
        {
            return compute();
        }
        catch (OverflowException error)
        {
            throw new CelException(typeof(T) == typeof(ulong) ? "return error for overflow: unsigned integer overflow" : "return error for overflow: integer overflow", error);
        }
    }

    private static DateTimeOffset InRange(Func<DateTimeOffset> compute)
    {
        try
        {
            DateTimeOffset time = compute();
            return time >= Earliest ? time : throw new CelException("timestamp overflow");
        }
        catch (ArgumentOutOfRangeException error)
        {
            throw new CelException("timestamp overflow", error);
        }
    }
}
