namespace MiniPlane.ApiServer.Audit;

/// <summary>How much of a request the audit log keeps (audit.k8s.io/v1 Level), in growing order.</summary>
internal enum AuditLevel
{
    None,
    Metadata,
    Request,
    RequestResponse,
}
