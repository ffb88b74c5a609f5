using MiniPlane.Controllers.Views;

namespace MiniPlane.Controllers.Disruption;

/// <summary>How many pods a budget expects, wants healthy, and may lose. Pure.</summary>
internal static class BudgetMath
{
    /// <summary>Whether the scale of the pods' controllers must be known, rather than just how many pods there are.</summary>
    public static bool NeedsScale(PodDisruptionBudgetSpec spec) =>
        spec.MaxUnavailable is not null || spec.MinAvailable is { Text: not null };

    public static (int Expected, int Desired) Of(PodDisruptionBudgetSpec spec, int pods, int scale)
    {
        if (spec.MaxUnavailable is { } most)
        {
            return (scale, Math.Max(0, scale - most.Of(scale, roundUp: true)));
        }

        if (spec.MinAvailable is { Text: not null } share)
        {
            return (scale, share.Of(scale, roundUp: true));
        }

        return (pods, spec.MinAvailable?.Number ?? 1);
    }

    public static int Allowed(int expected, int healthy, int desired) =>
        expected <= 0 || healthy <= desired ? 0 : healthy - desired;
}
