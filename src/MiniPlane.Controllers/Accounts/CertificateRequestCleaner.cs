using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using MiniPlane.Controllers.Runtime;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Accounts;

/// <summary>
/// Removes CertificateSigningRequests that have had their day: an hour after their answer, when what was issued has expired, and after a
/// day those that nobody answered (upstream's csrcleaner).
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

        if (End(request) is not { } end)
        {
            return ReconcileResult.Done;
        }

        if (cluster.Now < end)
        {
            return ReconcileResult.After(end - cluster.Now);
        }

        await cluster.Writer.DeleteAsync(BuiltInKinds.CertificateSigningRequest, request, DeleteQuery.Default, cancellationToken);
        return ReconcileResult.Done;
    }

    /// <summary>When the request is to go; null for one that was approved and is not issued yet.</summary>
    private static DateTimeOffset? End(ObjectDocument request)
    {
        JsonObject json = request.ToJson();
        JsonObject[] conditions = [.. json.Objects("status", "conditions")];
        if (conditions.Length == 0)
        {
            return request.Metadata.CreationTimestamp + PendingLife;
        }

        string issued = json.TextOrEmpty("status", "certificate");
        JsonObject? answer = conditions.FirstOrDefault(condition =>
            condition.Text("type") is "Denied" or "Failed" || (condition.Text("type") == "Approved" && issued.Length > 0));
        if (answer is null)
        {
            return null;
        }

        DateTimeOffset answered = DateTimeOffset.TryParse(
            answer.Text("lastUpdateTime"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
            ? time
            : request.Metadata.CreationTimestamp;
        DateTimeOffset end = answered + AnsweredLife;
        return Expiry(issued) is { } expiry && expiry < end ? expiry : end;
    }

    private static DateTimeOffset? Expiry(string certificate)
    {
        if (certificate.Length == 0)
        {
            return null;
        }

        try
        {
            using var issued = X509Certificate2.CreateFromPem(Encoding.UTF8.GetString(Convert.FromBase64String(certificate)));
            return new DateTimeOffset(issued.NotAfter);
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException)
        {
            // A signer of somebody else's: it goes with its age.
            return null;
        }
    }
}
