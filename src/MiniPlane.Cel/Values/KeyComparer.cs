namespace MiniPlane.Cel.Values;

/// <summary>Keys are equal as values are: 1, 1u and 1.0 are one key.</summary>
internal sealed class KeyComparer : IEqualityComparer<object>
{
    public static readonly KeyComparer Instance = new();

    public new bool Equals(object? x, object? y) => CelValues.AreEqual(x, y);

    public int GetHashCode(object obj) => obj switch
    {
        long number => number.GetHashCode(),
        ulong number => number <= long.MaxValue ? ((long)number).GetHashCode() : number.GetHashCode(),
        double number => double.IsInteger(number) && Math.Abs(number) < 9.2e18 ? ((long)number).GetHashCode() : number.GetHashCode(),
        string text => string.GetHashCode(text, StringComparison.Ordinal),
        bool flag => flag ? 1 : 0,
        _ => 0,
    };
}
