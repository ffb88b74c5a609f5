using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Selectors;

namespace MiniPlane.Controllers.Scheduling;

/// <summary>What a pod's claims mean for its place.</summary>
internal sealed record VolumeNeeds
{
    public static readonly VolumeNeeds None = new();

    /// <summary>Why the pod cannot be on any node now; null when nothing of the kind.</summary>
    public string? Blocked { get; init; }

    /// <summary>Node affinities of the volumes that its claims are bound to.</summary>
    public IReadOnlyList<NodeSelector> Affinities { get; init; } = [];

    /// <summary>Claims that wait for the node of this pod.</summary>
    public IReadOnlyList<ObjectDocument> Waiting { get; init; } = [];

    /// <summary>For each waiting claim that nobody provisions for, the volumes it could be bound to.</summary>
    public IReadOnlyList<IReadOnlyList<ObjectDocument>> Candidates { get; init; } = [];
}
