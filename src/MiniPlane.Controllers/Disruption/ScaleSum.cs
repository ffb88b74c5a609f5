namespace MiniPlane.Controllers.Disruption;

/// <summary>How many pods the controllers of some pods want in all, which pods have none, and what went wrong, if anything did.</summary>
internal sealed record ScaleSum(int Replicas, IReadOnlyList<string> Unmanaged, string? Problem);
