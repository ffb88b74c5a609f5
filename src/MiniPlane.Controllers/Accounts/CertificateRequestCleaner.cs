using System.Text.Json.Nodes;
using MiniPlane.Controllers.Runtime;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Accounts;

/// <summary>
/// Removes CertificateSigningRequests that have had their day: answered ones after an hour, those that nobody answered after a day
/// (upstream's csrcleaner).
/// </summary>
internal sealed class CertificateRequestCleaner(ClusterContext cluster) : IController
{
    private static readonly TimeSpan AnsweredLife = TimeSpan.FromHours(1);
    private static readonly TimeSpan PendingLife = TimeSpan.FromHours(24);

    public string Name => "certificatesigningrequest-cleaner-controller";

    public IReadOnlyList<ControllerWatch> Watches => [ControllerWatch.Self(BuiltInKinds.CertificateSigningRequest)];

    public async Task<ReconcileResult> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (cluster.Informers.For(BuiltInKinds.CertificateSigningRequest).Find(key) is not { } request)
        {
            return ReconcileResult.Done;
        }

        JsonObject json = request.ToJson();
        bool isApproved = Has(json, "Approved");
        bool isAnswered = Has(json, "Denied") || Has(json, "Failed") || (isApproved && json.TextOrEmpty("status", "certificate").Length > 0);
        DateTimeOffset end = request.Metadata.CreationTimestamp + (isAnswered ? AnsweredLife : PendingLife);
        if (cluster.Now < end)
        {
            return ReconcileResult.After(end - cluster.Now);
        }

        await cluster.Writer.DeleteAsync(BuiltInKinds.CertificateSigningRequest, request, DeleteQuery.Default, cancellationToken);
        return ReconcileResult.Done;
    }

    private static bool Has(JsonObject json, string type) =>
        json.Objects("status", "conditions").Any(condition => condition.Text("type") == type);
}
