using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Views;

/// <summary>policy.v1.PodDisruptionBudget.</summary>
internal sealed record PodDisruptionBudget
{
    public PodDisruptionBudgetSpec Spec { get => field ?? new PodDisruptionBudgetSpec(); init; }

    public PodDisruptionBudgetStatus Status { get => field ?? new PodDisruptionBudgetStatus(); init; }
}

internal sealed record PodDisruptionBudgetSpec
{
    public IntOrString? MinAvailable { get; init; }

    public IntOrString? MaxUnavailable { get; init; }

    /// <summary>Null selects no pod, an empty one all pods of the namespace.</summary>
    public Selector? Selector { get; init; }
}

internal sealed record PodDisruptionBudgetStatus
{
    /// <summary>Pods whose eviction was granted, and when; they count as gone until they are, or for two minutes.</summary>
    public IReadOnlyDictionary<string, DateTimeOffset>? DisruptedPods { get; init; }
}

internal static class PodDisruptionBudgetDocuments
{
    public static PodDisruptionBudget AsBudget(this ObjectDocument document) => document.As(ViewContext.Default.PodDisruptionBudget);
}
