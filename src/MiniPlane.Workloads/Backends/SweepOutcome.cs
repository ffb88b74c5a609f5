namespace MiniPlane.Workloads.Backends;

/// <summary>How a <see cref="JobSweep"/> went.</summary>
/// <param name="Found">The jobs that were there.</param>
/// <param name="Left">Those of them that are still there.</param>
/// <param name="Trouble">Why nothing can be said, or empty.</param>
public sealed record SweepOutcome(IReadOnlyList<JobStatus> Found, IReadOnlyList<JobStatus> Left, string Trouble);
