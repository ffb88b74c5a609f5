using System.Text.Json.Nodes;

namespace MiniPlane.Controllers.Autoscaling;

/// <summary>What one metric proposes.</summary>
/// <param name="Replicas">How many pods it asks for.</param>
/// <param name="Name">The metric, in the words of the event and the condition.</param>
/// <param name="Status">Its entry of <c>status.currentMetrics</c>.</param>
internal sealed record MetricProposal(int Replicas, string Name, JsonObject Status);
