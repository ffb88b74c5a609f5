using System.Text.Json.Nodes;
using MiniPlane.Controllers.Runtime;
using MiniPlane.Controllers.Views;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Volumes;

/// <summary>
/// Makes the claims of generic ephemeral volumes, owned by their pod, so that the garbage collector removes them with it (upstream's
/// ephemeral-volume-controller).
/// </summary>
internal sealed class EphemeralVolumeController(ClusterContext cluster) : IController
{
    public string Name => "ephemeral-volume-controller";

    public IReadOnlyList<ControllerWatch> Watches =>
    [
        new(cluster.Kinds.Pod, static change => change.After is { } pod && HasAny(pod) ? [pod.Key] : []),
        ControllerWatch.OwnedBy(cluster.Kinds.PersistentVolumeClaim, cluster.Kinds.Pod),
    ];

    public async Task<ReconcileResult> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (cluster.Informers.For(cluster.Kinds.Pod).Find(key) is not { } pod || !pod.IsActivePod())
        {
            return ReconcileResult.Done;
        }

        foreach (JsonObject volume in pod.ToJson().Objects("spec", "volumes"))
        {
            if (volume.Object("ephemeral", "volumeClaimTemplate") is { } template)
            {
                await EnsureAsync(pod, $"{pod.Metadata.Name}-{volume.TextOrEmpty("name")}", volume.TextOrEmpty("name"), template, cancellationToken);
            }
        }

        return ReconcileResult.Done;
    }

    private static bool HasAny(ObjectDocument pod) => pod.Mentions("\"ephemeral\""u8) && pod.AsPod().Spec.Volumes.Any(volume => volume.Ephemeral is not null);

    private async Task EnsureAsync(
        ObjectDocument pod, string name, string volume, JsonObject template, CancellationToken cancellationToken)
    {
        var key = new ObjectKey(pod.Metadata.Namespace, name);
        if (await cluster.Client.FindAsync(cluster.Kinds.PersistentVolumeClaim, key, cancellationToken) is { } existing)
        {
            if (existing.Metadata.Controller?.Uid != pod.Metadata.Uid)
            {
                cluster.Events.Warning(
                    cluster.Kinds.Pod,
                    pod,
                    "FailedBinding",
                    $"ephemeral volume {volume}: PVC {key} was not created for pod {pod.Key} (pod is not owner)",
                    "ephemeral_volume");
            }

            return;
        }

        JsonObject metadata = template.Object("metadata")?.DeepClone().AsObject() ?? [];
        metadata["name"] = name;
        metadata["namespace"] = key.Namespace;
        metadata["ownerReferences"] = new JsonArray(OwnerReferences.Controller(cluster.Kinds.Pod, pod));
        var body = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "PersistentVolumeClaim",
            ["metadata"] = metadata,
            ["spec"] = template.Object("spec")?.DeepClone(),
        };
        await cluster.Writer.CreateAsync(cluster.Kinds.PersistentVolumeClaim, body, cancellationToken);
    }
}
