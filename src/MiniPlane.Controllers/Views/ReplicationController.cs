using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Views;

/// <summary>core.v1.ReplicationController.</summary>
internal sealed record ReplicationController
{
    public ReplicationControllerSpec Spec { get => field ?? new ReplicationControllerSpec(); init; }

    public ReplicaSetStatus Status { get => field ?? new ReplicaSetStatus(); init; }

    /// <summary>The same wish as a ReplicaSet says it.</summary>
    public ReplicaSet AsReplicaSet() => new()
    {
        Spec = new ReplicaSetSpec
        {
            Replicas = Spec.Replicas,
            MinReadySeconds = Spec.MinReadySeconds,
            Selector = new Selector { MatchLabels = Spec.Selector },
        },
        Status = Status,
    };
}

internal sealed record ReplicationControllerSpec
{
    public int? Replicas { get; init; }

    public int MinReadySeconds { get; init; }

    public IReadOnlyDictionary<string, string>? Selector { get; init; }
}

internal static class ReplicationControllerDocuments
{
    public static ReplicationController AsReplicationController(this ObjectDocument document) =>
        document.As(ViewContext.Default.ReplicationController);
}
