namespace MiniPlane.Workloads.Slurm;

/// <summary>How one of the site's programs ended.</summary>
/// <param name="Succeeded">It ran and returned 0.</param>
/// <param name="Output">What it printed.</param>
/// <param name="Complaint">What to tell a user when it failed.</param>
public sealed record SiteCommandResult(bool Succeeded, string Output, string Complaint);
