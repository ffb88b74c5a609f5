using System.Globalization;
using System.Text;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;
using MiniPlane.Workloads.Backends;
using MiniPlane.Workloads.Site;
using MiniPlane.Workloads.Views;

namespace MiniPlane.Workloads.Translation;

/// <summary>
/// Turns a pod into a job; pure. Flags come from the site, from the pod's fields, and from its annotations, each of which wins
/// over those before it.
/// </summary>
internal static class PodToJob
{
    private static readonly string[] ForeignFlagAnnotations =
        ["slurm-job.knoc.io/flags", "slurm-job.vk.io/flags", "slurm.hpk.io/flags"];

    /// <summary>Whether an annotation of this name takes part in the translation.</summary>
    public static bool Reads(string annotation) =>
        TypedAnnotations.Reads(annotation) || annotation == WorkloadAnnotations.PodNetwork || Array.IndexOf(ForeignFlagAnnotations, annotation) >= 0;

    /// <summary>The job, or null when <paramref name="errors"/> says why there is none.</summary>
    public static JobRequest? Translate(PodView pod, JobPlacement placement, SiteSettings site, FieldErrors errors)
    {
        var flags = new FlagSet();
        AddRaw(site.AllSbatchFlags, "sbatchFlags", flags, errors);
        AddIdentity(pod, placement, flags);
        AddResources(pod, site, flags);
        AddLifetime(pod, site, flags, errors);
        AddAnnotations(pod, flags, errors);
        LimitChecks.Apply(flags, site.Limits, errors);
        FitSignal(pod, flags);
        string network = PodNetworks.Choose(pod, site, flags, errors);
        foreach (SbatchFlag flag in flags.Flags.Where(flag => flag.Value?.Any(char.IsControl) == true))
        {
            errors.Invalid("metadata.annotations", flag.Name, $"the value of --{flag.Name} must be on one line");
        }

        return errors.IsEmpty ? ToRequest(pod, placement, site, flags, network) : null;
    }

    private static void AddIdentity(PodView pod, JobPlacement placement, FlagSet flags)
    {
        flags.Set("job-name", pod.Metadata.Name);
        flags.Set("comment", placement.Comment);
        flags.Set("chdir", placement.Directory);
        flags.Set("output", $"{placement.Directory}/slurm-%j.out");
        flags.Set("open-mode", "append");
        if (placement.Partition.Length > 0)
        {
            flags.Set("partition", placement.Partition);
        }
    }

    private static void AddResources(PodView pod, SiteSettings site, FlagSet flags)
    {
        int cpus = CpusOf(pod.Spec);
        if (cpus > 0)
        {
            flags.Set("cpus-per-task", Number(cpus));
        }

        long memory = MemoryOf(pod.Spec, site);
        if (memory > 0)
        {
            flags.Set("mem", $"{Number(memory)}M");
        }

        string type = pod.Metadata.Annotations.TryGetValue(WorkloadAnnotations.GpuType, out string? text) ? text + ":" : "";
        string[] gres = [.. GpusOf(pod.Spec, site).Select(gpu => $"{gpu.Gres}:{type}{Number(gpu.Count)}")];
        if (gres.Length > 0)
        {
            flags.Set("gres", string.Join(',', gres));
        }

        string[] features =
        [
            .. pod.Spec.NodeSelector
                .Where(label => label.Key.StartsWith(WorkloadAnnotations.FeaturePrefix, StringComparison.Ordinal))
                .Where(label => label.Value == "true")
                .Select(label => label.Key[WorkloadAnnotations.FeaturePrefix.Length..])
                .Order(StringComparer.Ordinal),
        ];
        if (features.Length > 0)
        {
            flags.Set("constraint", string.Join('&', features));
        }
    }

    private static void AddLifetime(PodView pod, SiteSettings site, FlagSet flags, FieldErrors errors)
    {
        if (pod.Spec.ActiveDeadlineSeconds is { } deadline and > 0)
        {
            flags.Set("time", Number((deadline + 59) / 60));
        }
        else
        {
            // The agent hears of the end of its time early enough to end its containers in order. With a deadline of its own
            // the pod ends itself, and Slurm's limit is only the wall behind it.
            flags.Set("signal", $"B:TERM@{Number(WarningOf(pod))}");
        }

        // A pod that may not be restarted must not be run twice by Slurm either.
        flags.Set(pod.Spec.RestartPolicy == "Never" ? "no-requeue" : "requeue", null);
        if (site.PriorityClasses.TryGetValue(pod.Spec.PriorityClassName, out string? priority))
        {
            AddRaw(priority, $"priorityClasses[{pod.Spec.PriorityClassName}]", flags, errors);
        }
    }

    private static void AddAnnotations(PodView pod, FlagSet flags, FieldErrors errors)
    {
        Dictionary<string, string> annotations = pod.Metadata.Annotations;
        TypedAnnotations.ApplySlinky(annotations, flags, errors);
        foreach (string name in ForeignFlagAnnotations)
        {
            AddRaw(annotations.GetValueOrDefault(name) ?? "", Field(name), flags, errors);
        }

        TypedAnnotations.ApplyOwn(annotations, flags, errors);
        AddRaw(annotations.GetValueOrDefault(WorkloadAnnotations.Flags) ?? "", Field(WorkloadAnnotations.Flags), flags, errors);
    }

    /// <summary>
    /// Slurm gives its warning at once when less time than that is left, so a short job gets a shorter one, or none.
    /// </summary>
    private static void FitSignal(PodView pod, FlagSet flags)
    {
        bool isShorter = SlurmTime.Parse(flags.Find("time") ?? "") is { } time && time.TotalSeconds < pod.Spec.ActiveDeadlineSeconds;
        if (isShorter && flags.Find("signal") is null)
        {
            // A limit of the pod's own that comes before its deadline.
            flags.Set("signal", $"B:TERM@{Number(WarningOf(pod))}");
        }

        bool isDerived = flags.Find("signal") == $"B:TERM@{Number(WarningOf(pod))}";
        if (!isDerived || SlurmTime.Parse(flags.Find("time") ?? "") is not { } limit)
        {
            return;
        }

        long fitting = Math.Min(WarningOf(pod), (long)limit.TotalSeconds / 4);
        if (fitting >= 10)
        {
            flags.Set("signal", $"B:TERM@{Number(fitting)}");
        }
        else
        {
            flags.Remove("signal");
        }
    }

    /// <summary>How long before the end of its time the agent is told: its grace period, and time to report.</summary>
    private static long WarningOf(PodView pod) => Math.Clamp(pod.Spec.TerminationGracePeriodSeconds ?? 30, 0, 600) + 30;

    private static void AddRaw(string line, string field, FlagSet flags, FieldErrors errors)
    {
        foreach (SbatchFlag flag in FlagParser.Parse(line, field, errors))
        {
            flags.Set(flag);
        }
    }

    private static JobRequest ToRequest(PodView pod, JobPlacement placement, SiteSettings site, FlagSet flags, string network) => new()
    {
        PodUid = pod.Metadata.Uid,
        Pod = new ObjectKey(pod.Metadata.Namespace, pod.Metadata.Name),
        Partition = flags.Find("partition") ?? "",
        Directory = placement.Directory,
        Script = ToScript(pod, placement, flags, network),
        Network = network,
        Flags = [.. flags.Flags.Select(flag => flag.ToString())],
        AgentWords = AgentWords(placement),
        ArrayGroup = pod.Metadata.Annotations.ContainsKey(WorkloadAnnotations.CompletionIndex)
            ? pod.Metadata.Labels.GetValueOrDefault(WorkloadAnnotations.JobControllerUid, "")
            : "",
        ArrayName = pod.Metadata.Labels.GetValueOrDefault(WorkloadAnnotations.JobName, pod.Metadata.Name),
        Cpus = Math.Max(1, CpusOf(pod.Spec)),
        MemoryMiB = MemoryOf(pod.Spec, site),
        Gpus = GpusOf(pod.Spec, site).Sum(gpu => gpu.Count),
        EndsByItself = pod.Spec.RestartPolicy != "Always",
        TimeLimit = pod.Spec.ActiveDeadlineSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
    };

    private static string ToScript(PodView pod, JobPlacement placement, FlagSet flags, string network)
    {
        var script = new StringBuilder();
        script.Append("#!/bin/sh\n");
        script.Append(CultureInfo.InvariantCulture, $"# Pod {pod.Metadata.Namespace}/{pod.Metadata.Name}, uid {pod.Metadata.Uid}\n");
        foreach (SbatchFlag flag in flags.Flags)
        {
            script.Append(CultureInfo.InvariantCulture, $"#SBATCH {ToDirective(flag)}\n");
        }

        if (network.Length > 0)
        {
            script.Append(CultureInfo.InvariantCulture, $"# Network {network}: the agent has Apptainer start it again, in there\n");
        }

        string agent = AgentWords(placement);
        script.Append(CultureInfo.InvariantCulture, $"exec {agent} --config {ShellWords.Quote(placement.Directory + "/agent.json")}\n");
        return script.ToString();
    }

    private static string AgentWords(JobPlacement placement) => string.Join(' ', placement.AgentCommand.Select(ShellWords.Quote));

    /// <summary>As sbatch reads its lines: double quotes, with a backslash before quotes and backslashes.</summary>
    private static string ToDirective(SbatchFlag flag)
    {
        string text = flag.ToString();
        return ShellWords.Quote(text) == text || flag.Value is null
            ? text
            : $"--{flag.Name}=\"{flag.Value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
    }

    private static int CpusOf(PodSpecView pod) => (int)Math.Ceiling(PodResources.Sum(pod, "cpu", byLimit: false));

    private static long MemoryOf(PodSpecView pod, SiteSettings site)
    {
        decimal bytes = PodResources.Sum(pod, "memory", byLimit: true);
        return bytes == 0 ? 0 : Math.Max(site.MinimumMemoryMiB, ResourceAmount.ToMiB(bytes) + site.AgentMemoryMiB);
    }

    private static IEnumerable<(string Gres, long Count)> GpusOf(PodSpecView pod, SiteSettings site) => site.GpuResources
        .OrderBy(resource => resource.Key, StringComparer.Ordinal)
        .Select(resource => (Gres: resource.Value, Count: (long)PodResources.Sum(pod, resource.Key, byLimit: true)))
        .Where(resource => resource.Count > 0)
        .GroupBy(resource => resource.Gres, StringComparer.Ordinal)
        .Select(group => (group.Key, group.Sum(resource => resource.Count)));

    private static string Field(string annotation) => $"metadata.annotations[{annotation}]";

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
