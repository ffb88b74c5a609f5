using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Views;

/// <summary>core.v1.Node; here each node stands for one Slurm partition.</summary>
internal sealed record Node
{
    public NodeSpec Spec { get => field ?? new NodeSpec(); init; }

    public NodeStatus Status { get => field ?? new NodeStatus(); init; }
}

internal sealed record NodeSpec
{
    public bool Unschedulable { get; init; }

    public IReadOnlyList<Taint> Taints { get => field ?? []; init; }
}

internal sealed record Taint
{
    public string? Key { get; init; }

    public string? Value { get; init; }

    public string? Effect { get; init; }

    public DateTimeOffset? TimeAdded { get; init; }

    /// <summary>As kube-scheduler's messages write a taint: <c>{key: value}</c>.</summary>
    public override string ToString() => $"{{{Key}: {Value}}}";
}

internal sealed record NodeStatus
{
    public IReadOnlyDictionary<string, string>? Capacity { get; init; }

    public IReadOnlyDictionary<string, string>? Allocatable { get; init; }

    public IReadOnlyList<Condition> Conditions { get => field ?? []; init; }
}

internal static class NodeDocuments
{
    public static Node AsNode(this ObjectDocument document) => document.As(ViewContext.Default.Node);
}
