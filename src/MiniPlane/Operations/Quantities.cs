using System.Globalization;

namespace MiniPlane.Operations;

/// <summary>Amounts and times as people read them.</summary>
internal static class Quantities
{
    private static readonly (string Suffix, double Factor)[] Units =
        [("Ki", 1024), ("Mi", 1024.0 * 1024), ("Gi", 1024.0 * 1024 * 1024), ("Ti", 1024.0 * 1024 * 1024 * 1024)];

    /// <summary>A Kubernetes amount of memory, in the largest unit that leaves a number of at least one.</summary>
    public static string Readable(string quantity)
    {
        foreach ((string suffix, double factor) in Units)
        {
            if (quantity.EndsWith(suffix, StringComparison.Ordinal)
                && double.TryParse(quantity.AsSpan(0, quantity.Length - 2), CultureInfo.InvariantCulture, out double number))
            {
                return Bytes(number * factor);
            }
        }

        return double.TryParse(quantity, CultureInfo.InvariantCulture, out double plain) ? Bytes(plain) : quantity;
    }

    public static string Bytes(double bytes)
    {
        (string suffix, double factor) = Units.LastOrDefault(unit => bytes >= unit.Factor, ("B", 1));
        return string.Create(CultureInfo.InvariantCulture, $"{bytes / factor:0.#} {suffix}{(suffix == "B" ? "" : "B")}");
    }

    /// <summary>A length of time as kubectl shows ages: 42s, 5m, 3h, 2d.</summary>
    public static string Age(TimeSpan age) => age switch
    {
        { TotalSeconds: < 0 } => "0s",
        { TotalMinutes: < 2 } => string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalSeconds}s"),
        { TotalHours: < 2 } => string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalMinutes}m"),
        { TotalDays: < 2 } => string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalHours}h"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalDays}d"),
    };
}
