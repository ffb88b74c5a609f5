using System.Text.Json.Nodes;
using MiniPlane.Controllers.Runtime;
using MiniPlane.Controllers.Views;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Volumes;

/// <summary>
/// Binds claims to volumes: finds one that suits, or has one made, and watches over the binding afterwards (upstream's syncClaim).
/// What becomes of the volume when the claim goes is <see cref="VolumeController"/>'s part.
/// </summary>
internal sealed class ClaimController : IController
{
    private const string Waiting = "waiting";

    private readonly ClusterContext _cluster;
    private readonly VolumeProvisioner _provisioner;
    private readonly VolumeStatus _status;
    private readonly PodClaims _pods;
    private readonly KindDefinition _kind;

    public ClaimController(ClusterContext cluster)
    {
        _cluster = cluster;
        _kind = cluster.Kinds.PersistentVolumeClaim;
        _status = new VolumeStatus(cluster);
        _provisioner = new VolumeProvisioner(cluster);
        _pods = new PodClaims(cluster);
        cluster.Informers.For(_kind).AddIndex(Waiting, static claim => claim.AsClaim().IsBound ? [] : [Waiting]);
    }

    public string Name => "persistentvolume-binder";

    public IReadOnlyList<ControllerWatch> Watches =>
    [
        ControllerWatch.Self(_kind),
        new(_cluster.Kinds.PersistentVolume, ClaimsOfVolume),
        new(_cluster.Kinds.StorageClass, _ => AllWaiting()),
        new(_cluster.Kinds.Pod, change => change.Before is null ? PodClaims.Keys(change.Current) : []),
        new(_cluster.Kinds.Node, static _ => []),
    ];

    public async Task<ReconcileResult> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (await _cluster.Client.FindAsync(_kind, key, cancellationToken) is not { } claim)
        {
            return ReconcileResult.Done;
        }

        if (claim.Metadata.Annotations.ContainsKey(VolumeWords.BindCompleted))
        {
            await CheckBoundAsync(claim, cancellationToken);
        }
        else if (!claim.Metadata.IsBeingDeleted)
        {
            claim = await GiveDefaultClassAsync(claim, cancellationToken);
            await (claim.AsClaim().Spec.VolumeName.Length == 0
                ? FindVolumeAsync(claim, cancellationToken)
                : TakeNamedVolumeAsync(claim, cancellationToken));
        }

        return ReconcileResult.Done;
    }

    private IEnumerable<ObjectKey> AllWaiting() =>
        _cluster.Informers.For(_kind).ByIndex(Waiting, Waiting).Select(claim => claim.Key);

    private IEnumerable<ObjectKey> ClaimsOfVolume(ObjectChange change)
    {
        IEnumerable<ObjectKey> named = new[] { change.Before, change.After }
            .Select(volume => volume?.AsVolume().Spec.ClaimRef?.Key).OfType<ObjectKey>().Distinct();
        bool isFree = change.After?.AsVolume().Status.Phase == "Available"
            && change.Before?.AsVolume().Status.Phase != "Available";
        return isFree ? named.Concat(AllWaiting()) : named;
    }

    /// <summary>A claim that was made before there was a default class gets it later, as upstream since 1.28.</summary>
    private async Task<ObjectDocument> GiveDefaultClassAsync(ObjectDocument claim, CancellationToken cancellationToken)
    {
        if (claim.AsClaim().Spec.StorageClassName is not null || claim.ClaimClass().Length > 0
            || _provisioner.DefaultClass() is not { } name)
        {
            return claim;
        }

        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject { ["resourceVersion"] = claim.ResourceVersion },
            ["spec"] = new JsonObject { ["storageClassName"] = name },
        };
        return await _cluster.Writer.MergeAsync(_kind, claim.Key, patch, subresource: null, cancellationToken);
    }

    private async Task FindVolumeAsync(ObjectDocument claim, CancellationToken cancellationToken)
    {
        string className = claim.ClaimClass();
        ObjectDocument? storageClass = _provisioner.FindClass(className);
        bool isDelayed = storageClass?.AsStorageClass().WaitsForConsumer == true;
        string? nodeName = claim.Metadata.Annotations.GetValueOrDefault(VolumeWords.SelectedNode);
        ObjectDocument? node = nodeName is null ? null : _cluster.Informers.For(_cluster.Kinds.Node).Find(ObjectKey.Cluster(nodeName));
        IReadOnlyList<ObjectDocument> volumes = _cluster.Informers.For(_cluster.Kinds.PersistentVolume).All();
        if (VolumeMatch.Best(claim, volumes, isDelayed, node) is { } volume)
        {
            await _status.BindAsync(volume, claim, cancellationToken);
            return;
        }

        claim = await PendAsync(claim, cancellationToken);
        if (isDelayed && nodeName is null)
        {
            (string reason, string message) = WhyDelayed(claim);
            Tell(claim, "Normal", reason, message);
        }
        else if (className.Length > 0)
        {
            await _provisioner.ProvisionAsync(claim, className, node, cancellationToken);
        }
        else
        {
            Tell(claim, "Normal", "FailedBinding", "no persistent volumes available for this claim and no storage class is set");
        }
    }

    private async Task TakeNamedVolumeAsync(ObjectDocument claim, CancellationToken cancellationToken)
    {
        string name = claim.AsClaim().Spec.VolumeName;
        ObjectDocument? volume = await _cluster.Client.FindAsync(
            _cluster.Kinds.PersistentVolume, ObjectKey.Cluster(name), cancellationToken);
        VolumeClaimReference? reference = volume?.AsVolume().Spec.ClaimRef;
        if (volume is null)
        {
            await PendAsync(claim, cancellationToken);
        }
        else if (reference is not null && !VolumeMatch.IsFor(reference, claim))
        {
            claim = await PendAsync(claim, cancellationToken);
            Tell(claim, "Warning", "FailedBinding", $"volume \"{name}\" already bound to a different claim.");
        }
        else if (reference is null && VolumeMatch.Mismatch(claim, volume) is { } why)
        {
            claim = await PendAsync(claim, cancellationToken);
            Tell(claim, "Warning", "VolumeMismatch", $"Cannot bind to requested volume \"{name}\": {why}");
        }
        else
        {
            await _status.BindAsync(volume, claim, cancellationToken);
        }
    }

    private async Task CheckBoundAsync(ObjectDocument claim, CancellationToken cancellationToken)
    {
        string name = claim.AsClaim().Spec.VolumeName;
        ObjectDocument? volume = name.Length == 0 ? null : await _cluster.Client.FindAsync(
            _cluster.Kinds.PersistentVolume, ObjectKey.Cluster(name), cancellationToken);
        if (name.Length == 0)
        {
            await LoseAsync(claim, "ClaimLost", "Bound claim has lost reference to PersistentVolume. Data on the volume is lost!", cancellationToken);
        }
        else if (volume is null)
        {
            await LoseAsync(claim, "ClaimLost", "Bound claim has lost its PersistentVolume. Data on the volume is lost!", cancellationToken);
        }
        else if (volume.AsVolume().Spec.ClaimRef is { } reference && reference.Uid != claim.Metadata.Uid && reference.Uid.Length > 0)
        {
            await LoseAsync(claim, "ClaimMisbound", "Two claims are bound to the same volume, this one is bound incorrectly", cancellationToken);
        }
        else if (!claim.Metadata.IsBeingDeleted)
        {
            await _status.BindAsync(volume, claim, cancellationToken);
            await _provisioner.ExpandAsync(claim.Key, volume.Key, cancellationToken);
        }
    }

    private (string Reason, string Message) WhyDelayed(ObjectDocument claim)
    {
        ObjectDocument[] pods = [.. _pods.Users(claim.Key).Where(pod => pod.IsActivePod() && string.IsNullOrEmpty(pod.AsPod().Spec.NodeName))];
        return pods.Length == 0
            ? ("WaitForFirstConsumer", "waiting for first consumer to be created before binding")
            : ("WaitForPodScheduled", $"waiting for pod{(pods.Length > 1 ? "s" : "")} {string.Join(",", pods.Select(pod => pod.Metadata.Name).Order(StringComparer.Ordinal))} to be scheduled");
    }

    private async Task<ObjectDocument> PendAsync(ObjectDocument claim, CancellationToken cancellationToken) =>
        await _status.SetClaimPhaseAsync(claim, "Pending", cancellationToken);

    private async Task LoseAsync(ObjectDocument claim, string reason, string message, CancellationToken cancellationToken)
    {
        if (claim.AsClaim().Status.Phase != "Lost")
        {
            claim = await _status.SetClaimPhaseAsync(claim, "Lost", cancellationToken);
            Tell(claim, "Warning", reason, message);
        }
    }

    private void Tell(ObjectDocument claim, string type, string reason, string message)
    {
        if (type == "Normal")
        {
            _cluster.Events.Normal(_kind, claim, reason, message, VolumeWords.Component);
        }
        else
        {
            _cluster.Events.Warning(_kind, claim, reason, message, VolumeWords.Component);
        }
    }
}
