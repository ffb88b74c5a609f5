namespace MiniPlane.ApiServer.Audit;

/// <summary>Where the audit log goes, and what decides its content.</summary>
public sealed record AuditOptions
{
    /// <summary>An audit.k8s.io/v1 Policy, as YAML or JSON.</summary>
    public required string PolicyFile { get; init; }

    public required string LogFile { get; init; }

    /// <summary>A file that has grown to this is put aside.</summary>
    public long MaxBytes { get; init; } = 100L << 20;

    /// <summary>How many files are kept that were put aside.</summary>
    public int MaxBackups { get; init; } = 10;
}
