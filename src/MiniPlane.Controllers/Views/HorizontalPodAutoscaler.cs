using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Views;

/// <summary>autoscaling.v2.HorizontalPodAutoscaler; metrics are read as JSON where they are computed.</summary>
internal sealed record HorizontalPodAutoscaler
{
    public HorizontalPodAutoscalerSpec Spec { get => field ?? new HorizontalPodAutoscalerSpec(); init; }
}

internal sealed record HorizontalPodAutoscalerSpec
{
    public ScaleTargetReference ScaleTargetRef { get => field ?? new ScaleTargetReference(); init; }

    public int? MinReplicas { get; init; }

    public int MaxReplicas { get; init; }

    public ScalingBehavior? Behavior { get; init; }

    public int Least => MinReplicas ?? 1;
}

internal sealed record ScaleTargetReference
{
    public string ApiVersion { get => field ?? ""; init; }

    public string Kind { get => field ?? ""; init; }

    public string Name { get => field ?? ""; init; }
}

internal sealed record ScalingBehavior
{
    public ScalingRules? ScaleUp { get; init; }

    public ScalingRules? ScaleDown { get; init; }
}

internal sealed record ScalingRules
{
    public int? StabilizationWindowSeconds { get; init; }

    /// <summary><c>Max</c> (the default), <c>Min</c> or <c>Disabled</c>.</summary>
    public string? SelectPolicy { get; init; }

    public IReadOnlyList<ScalingPolicy>? Policies { get; init; }

    /// <summary>A quantity: how far off the target is still on it.</summary>
    public string? Tolerance { get; init; }
}

internal sealed record ScalingPolicy
{
    /// <summary><c>Pods</c> or <c>Percent</c>.</summary>
    public string? Type { get; init; }

    public int Value { get; init; }

    public int PeriodSeconds { get; init; }
}

internal static class HorizontalPodAutoscalerDocuments
{
    public static HorizontalPodAutoscaler AsAutoscaler(this ObjectDocument document) =>
        document.As(ViewContext.Default.HorizontalPodAutoscaler);
}
