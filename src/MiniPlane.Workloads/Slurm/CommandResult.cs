namespace MiniPlane.Workloads.Slurm;

/// <summary>How a program ended. <see cref="Failure"/> is set when it could not be started or had to be stopped.</summary>
internal sealed record CommandResult(int ExitCode, string Output, string Error, string? Failure = null)
{
    public bool Succeeded => Failure is null && ExitCode == 0;

    /// <summary>What to tell a user about it.</summary>
    public string Complaint => Failure ?? (Error.Trim().Length > 0 ? Error.Trim() : $"exit code {ExitCode}");
}
