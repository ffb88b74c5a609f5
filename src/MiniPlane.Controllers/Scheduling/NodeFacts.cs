using MiniPlane.Controllers.Views;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Quantities;

namespace MiniPlane.Controllers.Scheduling;

/// <summary>What placement needs to know of a node, which stands for a Slurm partition.</summary>
internal sealed class NodeFacts
{
    public const string PartitionLabel = "slurm.miniplane.io/partition";
    private const string DefaultLabel = "slurm.miniplane.io/default";
    private const string MaxCpus = "slurm.miniplane.io/max-cpus-per-node";
    private const string MaxMemory = "slurm.miniplane.io/max-memory-per-node";

    private readonly ObjectDocument _document;
    private readonly Node _node;

    public NodeFacts(ObjectDocument document)
    {
        _document = document;
        _node = document.AsNode();
    }

    public ObjectDocument Document => _document;

    public string Name => _document.Metadata.Name;

    public IReadOnlyDictionary<string, string> Labels => _document.Metadata.Labels;

    public IReadOnlyList<Taint> Taints => _node.Spec.Taints;

    public bool IsCordoned => _node.Spec.Unschedulable;

    /// <summary>Also a node that someone only wrote down: nothing said yet that it is ready, or what it has. Upstream taints such a node.</summary>
    public bool IsNotReady =>
        _document.Metadata.IsBeingDeleted
        || _node.Status.Conditions.Any(condition => condition is { Type: "Ready", Status: "False" or "Unknown" })
        || (_node.Status.Conditions.All(condition => condition.Type != "Ready") && Allocatable("cpu") is null);

    public bool IsDefault => Labels.GetValueOrDefault(DefaultLabel) == "true";

    /// <summary>The Slurm partition; the node's name where no label tells it.</summary>
    public string Partition => Labels.GetValueOrDefault(PartitionLabel) ?? Name;

    /// <summary>All of a resource that the partition has; null when the node does not know it.</summary>
    public Quantity? Allocatable(string resource)
    {
        IReadOnlyDictionary<string, string>? all = _node.Status.Allocatable ?? _node.Status.Capacity;
        return all is not null && all.TryGetValue(resource, out string? text) && Quantity.TryParse(text, out Quantity amount)
            ? amount
            : null;
    }

    /// <summary>The most that one Slurm node of the partition has, which is what one pod can get; null when unknown.</summary>
    public Quantity? MostPerSlurmNode(string resource)
    {
        string? name = resource switch
        {
            "cpu" => MaxCpus,
            "memory" => MaxMemory,
            _ => null,
        };
        return name is not null
            && (_document.Metadata.Annotations.TryGetValue(name, out string? text) || Labels.TryGetValue(name, out text))
            && Quantity.TryParse(text, out Quantity amount)
                ? amount
                : null;
    }

    /// <summary>True when a pod that did not fit the one may fit the other; heartbeats make no difference.</summary>
    public static bool Differ(ObjectDocument? before, ObjectDocument? after)
    {
        if (before is null || after is null)
        {
            return true;
        }

        var old = new NodeFacts(before);
        var now = new NodeFacts(after);
        return old.IsCordoned != now.IsCordoned
            || old.IsNotReady != now.IsNotReady
            || !old.Taints.SequenceEqual(now.Taints)
            || !Same(before.Metadata.Labels, after.Metadata.Labels)
            || !Same(before.Metadata.Annotations, after.Metadata.Annotations)
            || !Same(old._node.Status.Allocatable, now._node.Status.Allocatable);
    }

    private static bool Same(IReadOnlyDictionary<string, string>? left, IReadOnlyDictionary<string, string>? right) =>
        (left?.Count ?? 0) == (right?.Count ?? 0)
        && (left ?? new Dictionary<string, string>(StringComparer.Ordinal))
            .All(entry => right?.GetValueOrDefault(entry.Key) == entry.Value);
}
