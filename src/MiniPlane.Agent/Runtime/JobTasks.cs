using System.Globalization;
using MiniPlane.Agent.Views;

namespace MiniPlane.Agent.Runtime;

/// <summary>Whether this job is one of several tasks or nodes, as Slurm says in its environment (sbatch(1), OUTPUT ENVIRONMENT VARIABLES).</summary>
internal static class JobTasks
{
    /// <summary><c>tasks</c> (the default for such a job) or <c>once</c>: a program that starts the others itself.</summary>
    public const string LaunchAnnotation = "slurm.miniplane.io/launch";

    /// <summary>srun's <c>--mpi</c>: pmi2, pmix, none.</summary>
    public const string MpiAnnotation = "slurm.miniplane.io/mpi";

    /// <summary>How often Slurm has put the job back into its queue before this life of it.</summary>
    public static uint Restarts => (uint)Math.Max(0, Read("SLURM_RESTART_COUNT", otherwise: 0));

    /// <summary>Whether files must be where all the job's nodes see them.</summary>
    public static bool HasManyNodes => Read("SLURM_JOB_NUM_NODES") > 1;

    public static bool AreMany(PodView pod) =>
        pod.Metadata.Annotations.GetValueOrDefault(LaunchAnnotation, "tasks") != "once" && (HasManyNodes || Read("SLURM_NTASKS") > 1);

    private static int Read(string variable, int otherwise = 1) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : otherwise;
}
