namespace MiniPlane.Workloads.Slurm;

/// <summary>What is given to sbatch, or said in its place.</summary>
/// <param name="Flags">Flags as sbatch takes them (<c>--name=value</c>); they win over those of the script.</param>
/// <param name="Script">The batch script, which may have <c>#SBATCH</c> lines of its own.</param>
/// <param name="Directory">Where sbatch is started, and the job where no flag says otherwise.</param>
internal sealed record SlurmSubmission(IReadOnlyList<string> Flags, string Script, string Directory);
