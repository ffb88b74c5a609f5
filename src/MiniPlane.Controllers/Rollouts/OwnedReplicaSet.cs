using System.Text.Json.Nodes;
using MiniPlane.Controllers.Views;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Rollouts;

/// <summary>A ReplicaSet of a Deployment, as the rollout sees it.</summary>
internal sealed record OwnedReplicaSet(ObjectDocument Document)
{
    public string Name => Document.Metadata.Name;

    public string Uid => Document.Metadata.Uid;

    public long Revision => DeploymentAnnotations.RevisionOf(Document);

    /// <summary>How many pods it is told to have.</summary>
    public int Wanted => Document.AsReplicaSet().Spec.Wanted;

    /// <summary>How many pods it has.</summary>
    public int Actual => Document.AsReplicaSet().Status.Replicas;

    public int Ready => Document.AsReplicaSet().Status.ReadyReplicas;

    public int Available => Document.AsReplicaSet().Status.AvailableReplicas;

    /// <summary>How many of its pods are on their way out; null until it was counted.</summary>
    public int? Terminating => Document.AsReplicaSet().Status.TerminatingReplicas;

    /// <summary>
    /// Available pods that will stay: a ReplicaSet that was just made smaller still counts pods in its status that are about to go,
    /// and to count on them would take down too many.
    /// </summary>
    public int Reliable => Math.Min(Available, Wanted);

    public DateTimeOffset Created => Document.Metadata.CreationTimestamp;

    public int? DesiredAnnotation => DeploymentAnnotations.NumberOf(Document, DeploymentAnnotations.DesiredReplicas);

    public int? MaxAnnotation => DeploymentAnnotations.NumberOf(Document, DeploymentAnnotations.MaxReplicas);

    public JsonObject Template => Document.ToJson().Object("spec", "template") ?? [];
}
