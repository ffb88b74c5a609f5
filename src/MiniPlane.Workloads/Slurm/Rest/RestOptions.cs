using System.Globalization;

namespace MiniPlane.Workloads.Slurm.Rest;

/// <summary>
/// The flags of sbatch as properties of a job, as far as slurmrestd has them: those that all versions say alike. The others are in
/// <see cref="RestOptionsPlain"/> and <see cref="RestOptionsTyped"/>.
/// </summary>
internal static class RestOptions
{
    // Nothing of the job: how sbatch behaves, or said elsewhere (the environment).
    private static readonly string[] Without = ["verbose", "ignore-pbs", "quiet", "parsable", "export", "propagate"];

    private static readonly Dictionary<string, string> Texts = new(StringComparer.Ordinal)
    {
        ["account"] = "account",
        ["acctg-freq"] = "account_gather_frequency",
        ["array"] = "array",
        ["batch"] = "batch_features",
        ["bb"] = "burst_buffer",
        ["chdir"] = "current_working_directory",
        ["cluster-constraint"] = "cluster_constraint",
        ["comment"] = "comment",
        ["constraint"] = "constraints",
        ["container"] = "container",
        ["cpu-freq"] = "cpu_frequency",
        ["dependency"] = "dependency",
        ["distribution"] = "distribution",
        ["error"] = "standard_error",
        ["input"] = "standard_input",
        ["job-name"] = "name",
        ["licenses"] = "licenses",
        ["mail-user"] = "mail_user",
        ["mcs-label"] = "mcs_label",
        ["output"] = "standard_output",
        ["partition"] = "partition",
        ["prefer"] = "prefer",
        ["qos"] = "qos",
        ["reservation"] = "reservation",
        ["wckey"] = "wckey",
    };

    private static readonly Dictionary<string, string> Numbers = new(StringComparer.Ordinal)
    {
        ["core-spec"] = "core_specification",
        ["cores-per-socket"] = "cores_per_socket",
        ["cpus-per-task"] = "cpus_per_task",
        ["delay-boot"] = "delay_boot",
        ["mincpus"] = "minimum_cpus_per_node",
        ["nice"] = "nice",
        ["ntasks"] = "tasks",
        ["ntasks-per-core"] = "tasks_per_core",
        ["ntasks-per-node"] = "tasks_per_node",
        ["ntasks-per-socket"] = "tasks_per_socket",
        ["sockets-per-node"] = "sockets_per_node",
        ["thread-spec"] = "thread_specification",
        ["threads-per-core"] = "threads_per_core",
    };

    private static readonly Dictionary<string, (string Name, bool Value)> Switches = new(StringComparer.Ordinal)
    {
        ["hold"] = ("hold", true),
        ["requeue"] = ("requeue", true),
        ["no-requeue"] = ("requeue", false),
    };

    /// <summary>The way to say a flag; null when there is none.</summary>
    public static RestOption? Find(string flag, bool isTyped)
    {
        if (Without.Contains(flag, StringComparer.Ordinal))
        {
            return (_, _) => { };
        }

        if (Texts.TryGetValue(flag, out string? text))
        {
            return (job, value) => job[text] = value;
        }

        if (Numbers.TryGetValue(flag, out string? number))
        {
            return (job, value) => job[number] = ToNumber(value);
        }

        if (Switches.TryGetValue(flag, out (string Name, bool Value) known))
        {
            return (job, _) => job[known.Name] = known.Value;
        }

        return (isTyped ? RestOptionsTyped.All : RestOptionsPlain.All).GetValueOrDefault(flag);
    }

    internal static long ToNumber(string value) =>
        long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? number : throw new FormatException("must be a number here");

    internal static bool ToSwitch(string value) => value is not ("0" or "no" or "off" or "false");

    /// <summary><c>2</c> or <c>1-4</c>.</summary>
    internal static (long Least, long Most) ToRange(string value)
    {
        string[] ends = value.Split('-');
        return ends.Length <= 2 ? (ToNumber(ends[0]), ToNumber(ends[^1])) : throw new FormatException("must be a number or a range here");
    }
}
