namespace MiniPlane.Controllers.Views;

/// <summary>One entry of any kind's <c>status.conditions</c>.</summary>
internal sealed record Condition
{
    public string? Type { get; init; }

    public string? Status { get; init; }

    public string? Reason { get; init; }

    public string? Message { get; init; }

    public DateTimeOffset? LastTransitionTime { get; init; }

    public DateTimeOffset? LastUpdateTime { get; init; }

    public bool IsTrue => Status == "True";
}
