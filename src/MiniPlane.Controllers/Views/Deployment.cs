using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Views;

/// <summary>apps.v1.Deployment.</summary>
internal sealed record Deployment
{
    public DeploymentSpec Spec { get => field ?? new DeploymentSpec(); init; }

    public DeploymentStatus Status { get => field ?? new DeploymentStatus(); init; }
}

internal sealed record DeploymentSpec
{
    /// <summary>Absent means one, as the API server defaults it.</summary>
    public int? Replicas { get; init; }

    public Selector Selector { get => field ?? new Selector(); init; }

    public DeploymentStrategy Strategy { get => field ?? new DeploymentStrategy(); init; }

    public int MinReadySeconds { get; init; }

    public int? RevisionHistoryLimit { get; init; }

    public int? ProgressDeadlineSeconds { get; init; }

    public bool Paused { get; init; }

    public int Wanted => Replicas ?? 1;
}

internal sealed record DeploymentStrategy
{
    public string? Type { get; init; }

    public RollingUpdate? RollingUpdate { get; init; }

    public bool IsRecreate => Type == "Recreate";
}

internal sealed record RollingUpdate
{
    public IntOrString? MaxSurge { get; init; }

    public IntOrString? MaxUnavailable { get; init; }
}

internal sealed record DeploymentStatus
{
    public long ObservedGeneration { get; init; }

    public int Replicas { get; init; }

    public int UpdatedReplicas { get; init; }

    public int ReadyReplicas { get; init; }

    public int AvailableReplicas { get; init; }

    public int UnavailableReplicas { get; init; }

    public int? CollisionCount { get; init; }

    public IReadOnlyList<Condition> Conditions { get => field ?? []; init; }
}

internal static class DeploymentDocuments
{
    public static Deployment AsDeployment(this ObjectDocument document) => document.As(ViewContext.Default.Deployment);
}
