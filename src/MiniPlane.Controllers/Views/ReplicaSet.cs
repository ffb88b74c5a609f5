using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Views;

/// <summary>apps.v1.ReplicaSet.</summary>
internal sealed record ReplicaSet
{
    public ReplicaSetSpec Spec { get => field ?? new ReplicaSetSpec(); init; }

    public ReplicaSetStatus Status { get => field ?? new ReplicaSetStatus(); init; }
}

internal sealed record ReplicaSetSpec
{
    public int? Replicas { get; init; }

    public int MinReadySeconds { get; init; }

    public Selector Selector { get => field ?? new Selector(); init; }

    public int Wanted => Replicas ?? 1;
}

internal sealed record ReplicaSetStatus
{
    public int Replicas { get; init; }

    public int FullyLabeledReplicas { get; init; }

    public int ReadyReplicas { get; init; }

    public int AvailableReplicas { get; init; }

    /// <summary>Null until it was counted.</summary>
    public int? TerminatingReplicas { get; init; }

    public long ObservedGeneration { get; init; }

    public IReadOnlyList<Condition> Conditions { get => field ?? []; init; }
}

internal static class ReplicaSetDocuments
{
    public static ReplicaSet AsReplicaSet(this ObjectDocument document) => document.As(ViewContext.Default.ReplicaSet);
}
