using System.Globalization;
using MiniPlane.Controllers.Runtime;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Leases;

/// <summary>
/// Removes the leases of API servers that are no more (upstream's apiserver lease garbage collector): those in kube-system that bear the
/// identity label and were not renewed in time. All other leases are their holders' own; a node's goes with its node.
/// </summary>
internal sealed class ExpiredLeaseController(ClusterContext cluster) : IController
{
    private const string IdentityLabel = "apiserver.kubernetes.io/identity";

    public string Name => "lease-garbage-collector";

    public IReadOnlyList<ControllerWatch> Watches =>
    [
        new(cluster.Kinds.Lease, static change => change.After is { } lease && IsIdentity(lease) ? [lease.Key] : []),
    ];

    public async Task<ReconcileResult> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (cluster.Informers.For(cluster.Kinds.Lease).Find(key) is not { } lease || !IsIdentity(lease))
        {
            return ReconcileResult.Done;
        }

        TimeSpan rest = Expiry(lease) - cluster.Now;
        if (rest > TimeSpan.Zero)
        {
            return ReconcileResult.After(rest);
        }

        await cluster.Writer.DeleteAsync(cluster.Kinds.Lease, lease, DeleteQuery.Default, cancellationToken);
        return ReconcileResult.Done;
    }

    private static bool IsIdentity(ObjectDocument lease) =>
        lease.Metadata.Namespace == "kube-system" && lease.Metadata.Labels.ContainsKey(IdentityLabel);

    private static DateTimeOffset Expiry(ObjectDocument lease)
    {
        System.Text.Json.Nodes.JsonObject json = lease.ToJson();
        bool isRenewed = DateTimeOffset.TryParse(
            json.TextOrEmpty("spec", "renewTime"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset renewed);
        return isRenewed && json.Integer("spec", "leaseDurationSeconds") is { } seconds
            ? renewed + TimeSpan.FromSeconds(seconds)
            : DateTimeOffset.MinValue;
    }
}
