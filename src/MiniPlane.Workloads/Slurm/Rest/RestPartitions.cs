using System.Globalization;
using System.Text.Json;
using MiniPlane.Workloads.Backends;

namespace MiniPlane.Workloads.Slurm.Rest;

/// <summary>Puts <c>partitions</c> and <c>nodes</c> together to what <c>sinfo</c> tells.</summary>
internal static class RestPartitions
{
    // A node with one of these takes no job. One that does not answer because it is switched off takes some, and is switched on.
    private static readonly string[] Unusable = ["DOWN", "DRAIN", "DRAINED", "DRAINING", "FAIL", "FAILING", "ERROR", "FUTURE", "INVALID", "INVALID_REG", "NOT_RESPONDING", "UNKNOWN", "REBOOT_REQUESTED", "REBOOT_ISSUED"];

    public static IReadOnlyList<PartitionInfo> Parse(JsonElement partitions, JsonElement nodes)
    {
        ILookup<string, JsonElement> byPartition = RestValue.List(nodes, "nodes")
            .SelectMany(node => RestValue.Words(node, "partitions").Select(name => (name, node)))
            .ToLookup(pair => pair.name, pair => pair.node, StringComparer.Ordinal);
        PartitionInfo[] found = [.. RestValue.List(partitions, "partitions").Select(partition => ToPartition(partition, byPartition))];

        // Some versions do not say which is the default one: then the first of slurm.conf stands for it.
        return found.Length == 0 || found.Any(partition => partition.IsDefault) ? found : [found[0] with { IsDefault = true }, .. found[1..]];
    }

    /// <summary>Names and addresses of the nodes' hosts.</summary>
    public static IReadOnlyList<string[]> Hosts(JsonElement nodes) =>
        [.. RestValue.List(nodes, "nodes").Select(node => new[] { RestValue.Text(node, "hostname"), RestValue.Text(node, "address") })];

    private static PartitionInfo ToPartition(JsonElement partition, ILookup<string, JsonElement> nodes)
    {
        string name = RestValue.Text(partition, "name");
        JsonElement[] all = [.. nodes[name]];
        JsonElement[] usable = [.. all.Where(IsUsable)];
        var gpus = new Dictionary<string, long>(StringComparer.Ordinal);
        long maxGpus = usable.Select(node => SlurmText.AddGpus(gpus, RestValue.Text(node, "gres"), 1)).DefaultIfEmpty(0).Max();
        string[] states = [.. RestValue.Words(partition, "partition", "state"), .. RestValue.Words(partition, "state")];
        return new PartitionInfo
        {
            Name = name,
            IsDefault = RestValue.Words(partition, "flags").Contains("default", StringComparer.OrdinalIgnoreCase),
            Availability = states.LastOrDefault("up").ToLowerInvariant(),
            MaxTime = (RestValue.Number(partition, "maximums", "time") ?? RestValue.Number(partition, "max_time_limit")) is { } minutes and > 0 and < uint.MaxValue
                ? TimeSpan.FromMinutes(minutes)
                : null,
            Nodes = all.Length,
            UsableNodes = usable.Length,
            Cpus = usable.Sum(node => Number(node, "cpus")),
            MemoryMiB = usable.Sum(node => Number(node, "real_memory")),
            MaxCpusPerNode = usable.Select(node => Number(node, "cpus")).DefaultIfEmpty(0).Max(),
            MaxMemoryMiBPerNode = usable.Select(node => Number(node, "real_memory")).DefaultIfEmpty(0).Max(),
            Gpus = gpus,
            MaxGpusPerNode = maxGpus,
            Features = [.. all.SelectMany(node => RestValue.Words(node, "features")).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            NodeList = RestValue.Text(partition, "nodes", "configured") is { Length: > 0 } configured ? configured : RestValue.Text(partition, "nodes"),
            DownReason = all.Except(usable).Select(node => RestValue.Text(node, "reason")).FirstOrDefault(text => text.Length > 0) ?? "",
        };
    }

    private static bool IsUsable(JsonElement node)
    {
        string[] words = [.. RestValue.Words(node, "state"), .. RestValue.Words(node, "state_flags")];
        return words.Length > 0 && !words.Any(word => Unusable.Contains(word.ToUpper(CultureInfo.InvariantCulture), StringComparer.Ordinal));
    }

    private static long Number(JsonElement node, string name) => RestValue.Number(node, name) ?? 0;
}
