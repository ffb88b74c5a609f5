using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Views;

/// <summary>apps.v1.StatefulSet.</summary>
internal sealed record StatefulSet
{
    public StatefulSetSpec Spec { get => field ?? new StatefulSetSpec(); init; }

    public StatefulSetStatus Status { get => field ?? new StatefulSetStatus(); init; }
}

internal sealed record StatefulSetSpec
{
    public int? Replicas { get; init; }

    public Selector Selector { get => field ?? new Selector(); init; }

    public string? ServiceName { get; init; }

    public string? PodManagementPolicy { get; init; }

    public StatefulSetStrategy UpdateStrategy { get => field ?? new StatefulSetStrategy(); init; }

    public int? RevisionHistoryLimit { get; init; }

    public int MinReadySeconds { get; init; }

    public StatefulSetOrdinals? Ordinals { get; init; }

    public ClaimRetention? PersistentVolumeClaimRetentionPolicy { get; init; }

    public IReadOnlyList<ClaimTemplate> VolumeClaimTemplates { get => field ?? []; init; }

    public int Wanted => Replicas ?? 1;

    /// <summary>The first pod's number.</summary>
    public int Start => Ordinals?.Start ?? 0;

    /// <summary>One pod after the other, or all at once.</summary>
    public bool IsOrdered => PodManagementPolicy != "Parallel";
}

internal sealed record StatefulSetStrategy
{
    public string? Type { get; init; }

    public StatefulSetRollingUpdate? RollingUpdate { get; init; }

    public bool IsOnDelete => Type == "OnDelete";
}

internal sealed record StatefulSetRollingUpdate
{
    public int? Partition { get; init; }

    public IntOrString? MaxUnavailable { get; init; }
}

internal sealed record StatefulSetOrdinals
{
    public int Start { get; init; }
}

internal sealed record ClaimTemplate
{
    public ClaimTemplateMetadata Metadata { get => field ?? new ClaimTemplateMetadata(); init; }
}

internal sealed record ClaimTemplateMetadata
{
    public string? Name { get; init; }
}

internal sealed record ClaimRetention
{
    public string? WhenDeleted { get; init; }

    public string? WhenScaled { get; init; }

    public bool DeletesWithSet => WhenDeleted == "Delete";

    public bool DeletesWhenScaled => WhenScaled == "Delete";
}

internal sealed record StatefulSetStatus
{
    public int CurrentReplicas { get; init; }

    public string? CurrentRevision { get; init; }

    public string? UpdateRevision { get; init; }

    public int? CollisionCount { get; init; }
}

internal static class StatefulSetDocuments
{
    public static StatefulSet AsStatefulSet(this ObjectDocument document) => document.As(ViewContext.Default.StatefulSet);
}
