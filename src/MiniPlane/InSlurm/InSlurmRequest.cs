namespace MiniPlane.InSlurm;

/// <summary>What <c>up --in-slurm</c> was asked for.</summary>
/// <param name="TimeLimit">As sbatch takes it.</param>
/// <param name="Partition">Empty for the default one.</param>
/// <param name="Flags">More flags for sbatch, in one line.</param>
internal sealed record InSlurmRequest(string TimeLimit, string Partition, string Flags);
