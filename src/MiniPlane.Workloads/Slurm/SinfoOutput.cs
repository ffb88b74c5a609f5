using MiniPlane.Workloads.Backends;

namespace MiniPlane.Workloads.Slurm;

/// <summary>Reads <c>sinfo</c>: one record per partition and set of equal nodes.</summary>
internal static class SinfoOutput
{
    private const int FieldCount = 11;

    // %R name, %P name with a star for the default one, %a availability, %l limit, %D nodes, %T state, %c CPUs, %m MiB,
    // %G generic resources, %N names, %f features, %E reason. --exact keeps unlike nodes apart.
    private static readonly string Format = string.Join(
        SlurmText.FieldEnd, "%P", "%a", "%l", "%D", "%T", "%c", "%m", "%G", "%N", "%f", "%E") + SlurmText.RecordEnd;

    public static IReadOnlyList<string> Arguments { get; } = ["-h", "--exact", "-o", Format];

    public static IReadOnlyList<PartitionInfo> Parse(string output)
    {
        IEnumerable<string[]> rows = output.Split(SlurmText.RecordEnd)
            .Select(record => record.TrimStart('\n').Split(SlurmText.FieldEnd, FieldCount))
            .Where(fields => fields.Length == FieldCount);
        return [.. rows.GroupBy(fields => fields[0].TrimEnd('*'), StringComparer.Ordinal).Select(group => ToPartition(group.Key, [.. group]))];
    }

    private static PartitionInfo ToPartition(string name, string[][] rows)
    {
        var gpus = new Dictionary<string, long>(StringComparer.Ordinal);
        long nodes = 0, usable = 0, cpus = 0, memory = 0, maxCpus = 0, maxMemory = 0, maxGpus = 0;
        foreach (string[] row in rows)
        {
            long count = Number(row[3]);
            nodes += count;
            if (!IsUsable(row[4]))
            {
                continue;
            }

            usable += count;
            cpus += count * Number(row[5]);
            memory += count * Number(row[6]);
            maxCpus = Math.Max(maxCpus, Number(row[5]));
            maxMemory = Math.Max(maxMemory, Number(row[6]));
            maxGpus = Math.Max(maxGpus, SlurmText.AddGpus(gpus, row[7], count));
        }

        return new PartitionInfo
        {
            Name = name,
            IsDefault = rows[0][0].EndsWith('*'),
            Availability = rows[0][1],
            MaxTime = SlurmText.ToSpan(rows[0][2]),
            Nodes = (int)nodes,
            UsableNodes = (int)usable,
            Cpus = cpus,
            MemoryMiB = memory,
            MaxCpusPerNode = maxCpus,
            MaxMemoryMiBPerNode = maxMemory,
            Gpus = gpus,
            MaxGpusPerNode = maxGpus,
            Features = [.. rows.SelectMany(row => SlurmText.OrEmpty(row[9]).Split(',', StringSplitOptions.RemoveEmptyEntries)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            NodeList = string.Join(',', rows.Select(row => row[8]).Where(text => text.Length > 0).Distinct(StringComparer.Ordinal)),
            DownReason = rows.Where(row => !IsUsable(row[4])).Select(row => SlurmText.OrEmpty(row[10].TrimEnd('\n'))).FirstOrDefault(text => text.Length > 0) ?? "",
        };
    }

    /// <summary>
    /// Whether a job may start there, now or when others have ended. Marks after the state (not answering, powered down,
    /// rebooting, …) are left off, except <c>*</c>: a node that does not answer takes no job.
    /// </summary>
    private static bool IsUsable(string state) =>
        !state.Contains('*', StringComparison.Ordinal)
        && state.TrimEnd('~', '#', '!', '%', '$', '@', '^', '-', '+') is
            "idle" or "mixed" or "allocated" or "completing" or "reserved" or "planned" or "blocked" or "maint"
            or "powered_down" or "powering_up" or "powering_down" or "power_down" or "power_up" or "reboot";

    private static long Number(string text) => SlurmText.TryNumber(text.TrimEnd('+'), out long number) ? number : 0;
}
