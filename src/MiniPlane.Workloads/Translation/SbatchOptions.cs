namespace MiniPlane.Workloads.Translation;

/// <summary>
/// The options of sbatch, from its manual page (22.05 to 26.05). Sites add others by SPANK plug-ins, so an unknown name is
/// passed on as it is.
/// </summary>
internal static class SbatchOptions
{
    private const string ForIdentity = "the pod's files and its job are found again by it";
    private const string ForOutput = "it changes how sbatch runs, not what the job asks for";
    private const string OneJob = "a pod is exactly one job";

    public static IReadOnlyList<SbatchOption> All { get; } =
    [
        .. Required(
            "account A", "acctg-freq", "batch", "bb", "bbf", "begin b", "cluster-constraint", "comment", "constraint C", "container",
            "container-id", "core-spec S", "cores-per-socket", "cpu-freq", "cpus-per-gpu", "cpus-per-task c", "deadline", "delay-boot",
            "dependency d", "distribution m", "error e", "exclude x", "export", "export-file", "extra", "extra-node-info B", "gid",
            "gpu-bind", "gpu-freq", "gpus G", "gpus-per-node", "gpus-per-socket", "gpus-per-task", "gres", "gres-flags", "hint",
            "job-name J", "kill-on-invalid-dep", "licenses L", "mail-type", "mail-user", "mcs-label", "mem", "mem-bind", "mem-per-cpu",
            "mem-per-gpu", "mincpus", "network", "nodefile F", "nodelist w", "nodes N", "ntasks n", "ntasks-per-core", "ntasks-per-gpu",
            "ntasks-per-node", "ntasks-per-socket", "open-mode", "output o", "partition p", "power", "prefer", "priority", "profile",
            "qos q", "reservation", "segment", "signal", "sockets-per-node", "switches", "thread-spec", "threads-per-core", "time t",
            "time-min", "tmp", "tres-bind", "tres-per-task", "uid", "wait-all-nodes", "wckey"),
        .. Make(SbatchValue.Optional, "exclusive", "get-user-env", "nice", "no-kill k", "oom-kill-step", "propagate", "resv-ports"),
        .. Make(
            SbatchValue.None, "contiguous", "hold H", "ignore-pbs", "no-requeue", "overcommit O", "oversubscribe s", "reboot", "requeue",
            "spread-job", "stepmgr", "use-min-nodes", "verbose v"),
        Refused("array a", SbatchValue.Required, OneJob),
        Refused("wrap", SbatchValue.Required, OneJob),
        Refused("clusters M", SbatchValue.Required, "jobs are looked for in the cluster that SLURM_CONF names"),
        Refused("chdir D", SbatchValue.Required, ForIdentity),
        Refused("input i", SbatchValue.Required, "the agent reads no input"),
        Refused("parsable", SbatchValue.None, ForOutput),
        Refused("quiet Q", SbatchValue.None, ForOutput),
        Refused("test-only", SbatchValue.None, ForOutput),
        Refused("wait W", SbatchValue.None, ForOutput),
        Refused("help h", SbatchValue.None, ForOutput),
        Refused("usage", SbatchValue.None, ForOutput),
        Refused("version V", SbatchValue.None, ForOutput),
    ];

    public static SbatchOption? FindLetter(char letter) => All.FirstOrDefault(option => option.Letter == letter);

    /// <summary>By name, or by its beginning where only one fits (as getopt_long takes it).</summary>
    public static SbatchOption? Find(string name) =>
        All.FirstOrDefault(option => option.Name == name)
        ?? (All.Where(option => option.Name.StartsWith(name, StringComparison.Ordinal)).Take(2).ToArray() is [SbatchOption only] ? only : null);

    private static IEnumerable<SbatchOption> Required(params string[] options) => Make(SbatchValue.Required, options);

    private static IEnumerable<SbatchOption> Make(SbatchValue value, params string[] options) =>
        options.Select(text => new SbatchOption(text.Split(' ')[0], text.Contains(' ', StringComparison.Ordinal) ? text[^1] : '\0', value));

    private static SbatchOption Refused(string text, SbatchValue value, string why) => Make(value, text).First() with { Refusal = why };
}
