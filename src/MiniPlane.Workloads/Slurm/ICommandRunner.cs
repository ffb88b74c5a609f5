namespace MiniPlane.Workloads.Slurm;

/// <summary>The only way to the programs of the site; tests put a scripted one in its place.</summary>
internal interface ICommandRunner
{
    /// <summary>Runs a program to its end or its time limit. Never throws for what the program does.</summary>
    ValueTask<CommandResult> RunAsync(CommandRequest request, CancellationToken cancellationToken);
}
