namespace MiniPlane.Controllers.Views;

/// <summary>batch.v1.SuccessPolicy: which indexes are enough.</summary>
internal sealed record SuccessPolicy
{
    public IReadOnlyList<SuccessRule> Rules { get => field ?? []; init; }
}

internal sealed record SuccessRule
{
    public string? SucceededIndexes { get; init; }

    public int? SucceededCount { get; init; }
}
