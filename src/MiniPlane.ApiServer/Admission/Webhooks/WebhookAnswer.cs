using System.Text.Json.Nodes;

namespace MiniPlane.ApiServer.Admission.Webhooks;

/// <summary>admission.v1.AdmissionResponse, checked.</summary>
internal sealed record WebhookAnswer
{
    public required bool IsAllowed { get; init; }

    /// <summary>meta.v1.Status of a refusal, or null.</summary>
    public JsonObject? Result { get; init; }

    /// <summary>The JSON patch, or null.</summary>
    public JsonNode? Patch { get; init; }

    public IReadOnlyList<string> Warnings { get; init; } = [];

    public IReadOnlyDictionary<string, string> AuditAnnotations { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
