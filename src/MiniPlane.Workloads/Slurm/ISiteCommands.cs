namespace MiniPlane.Workloads.Slurm;

/// <summary>The site's programs, reached as the backend reaches them; for those who examine a site.</summary>
public interface ISiteCommands
{
    /// <summary>How they are reached, in words.</summary>
    string Way { get; }

    /// <summary>Whether Slurm's programs are among them; not where slurmrestd stands for them.</summary>
    bool HasSlurm { get; }

    /// <summary>Runs one to its end or its time limit. Never throws for what it does.</summary>
    ValueTask<SiteCommandResult> RunAsync(
        string program, IReadOnlyList<string> arguments, string? input, TimeSpan limit, CancellationToken cancellationToken);
}
