using System.Text;
using MiniPlane.Workloads.Backends;

namespace MiniPlane.Workloads.Nodes;

/// <summary>Names of nodes are DNS labels; names of partitions are whatever the site chose.</summary>
internal static class NodeNames
{
    /// <summary>Each partition under the name of its node. Two that would share a name are told apart by a number.</summary>
    public static IReadOnlyDictionary<string, PartitionInfo> Assign(IEnumerable<PartitionInfo> partitions)
    {
        var nodes = new Dictionary<string, PartitionInfo>(StringComparer.Ordinal);
        foreach (PartitionInfo partition in partitions.OrderBy(partition => partition.Name, StringComparer.Ordinal))
        {
            string name = ToName(partition.Name);
            string free = name;
            for (int i = 2; nodes.ContainsKey(free); i++)
            {
                free = $"{name}-{i}";
            }

            nodes[free] = partition;
        }

        return nodes;
    }

    private static string ToName(string partition)
    {
        var name = new StringBuilder();
        foreach (char c in partition)
        {
            name.Append(char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : '-');
        }

        string trimmed = name.ToString().Trim('-');
        return trimmed.Length == 0 ? "partition" : trimmed.Length > 60 ? trimmed[..60].TrimEnd('-') : trimmed;
    }
}
