using System.Text.Json.Nodes;

namespace MiniPlane.Controllers.Autoscaling;

/// <summary>What one look at an autoscaler came to, for its status.</summary>
internal sealed record AutoscalerOutcome
{
    public required int Current { get; init; }

    public required int Desired { get; init; }

    public IReadOnlyList<JsonObject> Metrics { get; init; } = [];

    /// <summary>The number of pods was changed just now.</summary>
    public bool HasScaled { get; init; }

    /// <summary>Conditions to set: type, status, reason, message.</summary>
    public List<(string Type, bool Value, string Reason, string Message)> Conditions { get; } = [];
}
