namespace MiniPlane.Controllers.Scheduling;

/// <summary>
/// Reads which Slurm partitions a pod's annotations ask for: the typed annotation, or a partition option among raw sbatch flags,
/// which wins because the user's own flag always does. Pure.
/// </summary>
internal static class RequestedPartition
{
    private static readonly string[] FlagAnnotations =
        ["slurm.miniplane.io/flags", "slurm.hpk.io/flags", "slurm-job.vk.io/flags"];

    private static readonly string[] NameAnnotations =
        [NodeFacts.PartitionLabel, "slurmjob.slinky.slurm.net/partition"];

    /// <summary>The partitions, of which any will do as sbatch has it; empty when none is asked for.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyDictionary<string, string> annotations)
    {
        string? asked = FlagAnnotations.Select(name => FromFlags(annotations.GetValueOrDefault(name, "")))
            .Concat(NameAnnotations.Select(name => annotations.GetValueOrDefault(name)))
            .FirstOrDefault(value => !string.IsNullOrWhiteSpace(value));
        return asked is null ? [] : asked.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    private static string? FromFlags(string flags)
    {
        string[] words = flags.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        for (int i = 0; i < words.Length; i++)
        {
            string word = words[i];
            if (word is "-p" or "--partition")
            {
                return i + 1 < words.Length ? words[i + 1] : null;
            }

            if (word.StartsWith("--partition=", StringComparison.Ordinal))
            {
                return word["--partition=".Length..];
            }

            if (word.StartsWith("-p", StringComparison.Ordinal) && word.Length > 2)
            {
                return word[2..];
            }
        }

        return null;
    }
}
