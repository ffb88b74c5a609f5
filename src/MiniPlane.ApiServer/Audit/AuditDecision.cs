namespace MiniPlane.ApiServer.Audit;

/// <summary>How much of a request is kept, by the audit rule that it matches.</summary>
internal sealed record AuditDecision(AuditLevel Level, IReadOnlyList<string> OmittedStages, bool OmitsManagedFields)
{
    public bool Keeps(string stage) => !OmittedStages.Contains(stage, StringComparer.Ordinal);
}
