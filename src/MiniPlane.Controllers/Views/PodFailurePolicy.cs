namespace MiniPlane.Controllers.Views;

/// <summary>batch.v1.PodFailurePolicy: what the failure of a pod means for its Job.</summary>
internal sealed record PodFailurePolicy
{
    public IReadOnlyList<PodFailureRule> Rules { get => field ?? []; init; }
}

internal sealed record PodFailureRule
{
    public string? Action { get; init; }

    public ExitCodeRequirement? OnExitCodes { get; init; }

    public IReadOnlyList<PodConditionPattern> OnPodConditions { get => field ?? []; init; }
}

internal sealed record ExitCodeRequirement
{
    public string? ContainerName { get; init; }

    public string? Operator { get; init; }

    public IReadOnlyList<int> Values { get => field ?? []; init; }

    /// <summary>An exit code of 0 is no failure and never matches.</summary>
    public bool Matches(int code) => code != 0 && Values.Contains(code) == (Operator != "NotIn");
}

internal sealed record PodConditionPattern
{
    public string? Type { get; init; }

    public string? Status { get; init; }
}
