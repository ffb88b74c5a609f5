using System.Globalization;

namespace MiniPlane.Workloads.Translation;

/// <summary>Resource amounts as numbers (apimachinery's quantities: <c>250m</c>, <c>64Mi</c>, <c>1e3</c>, <c>2G</c>).</summary>
internal static class ResourceAmount
{
    private const decimal MiB = 1024 * 1024;

    private static readonly (string Suffix, decimal Factor)[] Suffixes =
    [
        ("Ki", 1024m), ("Mi", MiB), ("Gi", MiB * 1024), ("Ti", MiB * 1024 * 1024), ("Pi", MiB * MiB * 1024), ("Ei", MiB * MiB * MiB),
        ("n", 0.000000001m), ("u", 0.000001m), ("m", 0.001m), ("k", 1000m), ("M", 1e6m), ("G", 1e9m), ("T", 1e12m), ("P", 1e15m), ("E", 1e18m),
    ];

    public static bool TryParse(string text, out decimal amount)
    {
        const NumberStyles Style = NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign | NumberStyles.AllowExponent;
        (string suffix, decimal factor) = Array.Find(Suffixes, pair => text.EndsWith(pair.Suffix, StringComparison.Ordinal));
        string number = suffix is null ? text : text[..^suffix.Length];
        bool isNumber = decimal.TryParse(number, Style, CultureInfo.InvariantCulture, out amount);
        decimal scale = suffix is null ? 1 : factor;
        if (!isNumber || Math.Abs(amount) > 1e27m / scale)
        {
            amount = 0;
            return false;
        }

        amount *= scale;
        return true;
    }

    /// <summary>Whole MiB, rounded up: what Slurm's <c>--mem</c> counts in.</summary>
    public static long ToMiB(decimal bytes) => (long)Math.Ceiling(bytes / MiB);
}
