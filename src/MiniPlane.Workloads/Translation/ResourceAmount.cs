using MiniPlane.Objects.Quantities;

namespace MiniPlane.Workloads.Translation;

/// <summary>Resource amounts as plain numbers, exact to a thousandth.</summary>
internal static class ResourceAmount
{
    private const decimal MiB = 1024 * 1024;

    public static bool TryParse(string text, out decimal amount)
    {
        bool isAmount = Quantity.TryParse(text, out Quantity quantity);
        amount = isAmount ? quantity.MilliValue / 1000m : 0;
        return isAmount;
    }

    /// <summary>Whole MiB, rounded up: what Slurm's <c>--mem</c> counts in.</summary>
    public static long ToMiB(decimal bytes) => (long)Math.Ceiling(bytes / MiB);
}
