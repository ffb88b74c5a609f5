using MiniPlane.Workloads.Slurm.Access;

namespace MiniPlane.Workloads.Slurm;

/// <summary>
/// What the site's programs, and through sbatch the jobs, may see of this process's environment. sbatch hands its whole
/// environment on to the job, so that modules loaded before the start work there; secrets and the traces of a job that this
/// process itself may run in must not go along.
/// </summary>
internal static class CommandEnvironment
{
    private static readonly string[] Kept = ["SLURM_CONF", "SLURM_CONF_SERVER", "SLURM_JWT", "SLURM_CLUSTERS", "SLURM_UMASK"];
    private static readonly string[] HiddenStarts = ["MINIPLANE_", "ASPNETCORE_", "DOTNET_", "SLURM_", "SQUEUE_", "SINFO_", "SACCT_"];
    private static readonly string[] HiddenParts = ["TOKEN", "SECRET", "PASSWORD", "PASSWD", "CREDENTIAL", "API_KEY", "KUBECONFIG"];

    /// <summary>Removes what is not to be handed on, and sets what makes output the same everywhere.</summary>
    public static void Clean(IDictionary<string, string?> environment)
    {
        ContainerTraces.Remove(environment);
        foreach (string name in environment.Keys.Where(IsHidden).ToArray())
        {
            environment.Remove(name);
        }
    }

    /// <summary>For programs whose output is parsed: times in UTC and in one format, words in English.</summary>
    public static IReadOnlyDictionary<string, string> ForParsing { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["TZ"] = "UTC",
        ["SLURM_TIME_FORMAT"] = "standard",
        ["LC_ALL"] = "C.UTF-8",
    };

    private static bool IsHidden(string name) =>
        !Kept.Contains(name, StringComparer.Ordinal)
        && (HiddenStarts.Any(start => name.StartsWith(start, StringComparison.Ordinal))
            || HiddenParts.Any(part => name.Contains(part, StringComparison.OrdinalIgnoreCase)));
}
