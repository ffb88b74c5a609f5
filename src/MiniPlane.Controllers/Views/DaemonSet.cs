using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Views;

/// <summary>apps.v1.DaemonSet.</summary>
internal sealed record DaemonSet
{
    public DaemonSetSpec Spec { get => field ?? new DaemonSetSpec(); init; }

    public DaemonSetStatus Status { get => field ?? new DaemonSetStatus(); init; }
}

internal sealed record DaemonSetSpec
{
    public Selector Selector { get => field ?? new Selector(); init; }

    public DaemonSetStrategy UpdateStrategy { get => field ?? new DaemonSetStrategy(); init; }

    public int MinReadySeconds { get; init; }

    public int? RevisionHistoryLimit { get; init; }
}

internal sealed record DaemonSetStrategy
{
    public string? Type { get; init; }

    public RollingUpdate? RollingUpdate { get; init; }

    public bool IsOnDelete => Type == "OnDelete";

    /// <summary>How many nodes may have two pods, and how many none, while pods are replaced (upstream's UnavailableCount and SurgeCount).</summary>
    public (int Surge, int Unavailable) Limits(int nodes)
    {
        int surge = RollingUpdate?.MaxSurge?.Of(nodes, roundUp: true) ?? 0;
        int unavailable = RollingUpdate?.MaxUnavailable?.Of(nodes, roundUp: true) ?? 1;
        return surge == 0 && unavailable == 0 ? (0, 1) : (surge, unavailable);
    }
}

internal sealed record DaemonSetStatus
{
    public int? CollisionCount { get; init; }
}

internal static class DaemonSetDocuments
{
    public static DaemonSet AsDaemonSet(this ObjectDocument document) => document.As(ViewContext.Default.DaemonSet);
}
