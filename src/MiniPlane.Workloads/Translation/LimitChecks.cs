using System.Globalization;
using MiniPlane.Objects.Errors;
using MiniPlane.Workloads.Site;

namespace MiniPlane.Workloads.Translation;

/// <summary>Holds a job against the limits of the site, by its flags: what was asked for in whatever way is in them.</summary>
internal static class LimitChecks
{
    public static void Apply(FlagSet flags, PodLimits limits, FieldErrors errors)
    {
        long tasks = Count(flags, "ntasks") ?? (Count(flags, "nodes") ?? 1) * (Count(flags, "ntasks-per-node") ?? 1);
        long nodes = Count(flags, "nodes") ?? 1;
        long cpus = tasks * (Count(flags, "cpus-per-task") ?? 1);
        Check("CPUs", cpus, limits.CpusPerPod, "cpusPerPod", errors);
        Check("GPUs", Gpus(flags, nodes, tasks), limits.GpusPerPod, "gpusPerPod", errors);
        Check("MiB of memory", (ToMiB(flags.Find("mem")) * nodes) + (ToMiB(flags.Find("mem-per-cpu")) * cpus), limits.MemoryMiBPerPod, "memoryPerPod", errors);
        CheckTime(flags, limits, errors);
    }

    private static void CheckTime(FlagSet flags, PodLimits limits, FieldErrors errors)
    {
        if (limits.TimePerPod is not { } most)
        {
            return;
        }

        if (flags.Find("time") is not { } text)
        {
            flags.Set("time", Number(Math.Max(1, (long)most.TotalMinutes)));
        }
        else if (SlurmTime.Parse(text) is not { } time || time > most)
        {
            errors.Forbidden("spec", $"asks for a time limit of {text}, this site allows {most.TotalMinutes.ToString(CultureInfo.InvariantCulture)} minutes (limits.timePerPod)");
        }
    }

    private static void Check(string what, long wanted, long? most, string name, FieldErrors errors)
    {
        if (wanted > most)
        {
            errors.Forbidden("spec.containers", $"asks for {Number(wanted)} {what}, this site allows {Number(most.Value)} (limits.{name})");
        }
    }

    // Each way to ask for GPUs counts per node, task or job; types do not matter.
    private static long Gpus(FlagSet flags, long nodes, long tasks) =>
        (Sum(flags.Find("gres"), item => item.StartsWith("gpu", StringComparison.Ordinal) || item.StartsWith("gres:gpu", StringComparison.Ordinal)) * nodes)
        + (Sum(flags.Find("gpus-per-node"), _ => true) * nodes)
        + (Sum(flags.Find("gpus-per-task"), _ => true) * tasks)
        + Sum(flags.Find("gpus"), _ => true);

    private static long Sum(string? list, Func<string, bool> counts) => (list ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries)
        .Where(counts)
        .Sum(item => long.TryParse(item.Split(':', '=')[^1], NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : 1);

    // The most that a range (1-4) may become.
    private static long? Count(FlagSet flags, string name) =>
        long.TryParse((flags.Find(name) ?? "").Split('-')[^1], NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number > 0 ? number : null;

    private static long ToMiB(string? size)
    {
        if (size is not { Length: > 0 })
        {
            return 0;
        }

        char unit = char.ToUpperInvariant(size[^1]);
        bool isNumber = long.TryParse(size.TrimEnd('K', 'M', 'G', 'T', 'k', 'm', 'g', 't'), NumberStyles.None, CultureInfo.InvariantCulture, out long number);
        return !isNumber ? 0 : unit switch { 'K' => number / 1024, 'G' => number * 1024, 'T' => number * 1024 * 1024, _ => number };
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
