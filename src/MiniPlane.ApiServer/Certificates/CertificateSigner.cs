using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using MiniPlane.ApiServer.Registry;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;
using MiniPlane.Objects.Loops;

namespace MiniPlane.ApiServer.Certificates;

/// <summary>
/// Signs approved CertificateSigningRequests of the cluster's own signers, or says in a Failed condition why not (upstream's
/// csrsigning-controller). It lives here and not with the controllers because the CA's key does not leave this room.
/// </summary>
internal sealed partial class CertificateSigner(
    IClusterClient cluster, CertificateMaker maker, ILogger<CertificateSigner> logger, TimeProvider time) : BackgroundLoop(logger, time)
{
    private static readonly KindDefinition Kind = BuiltInKinds.CertificateSigningRequest;

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        ObjectList list = await cluster.ListAsync(Kind, ListQuery.All, cancellationToken);
        foreach (ObjectDocument document in list.Items)
        {
            await LookAsync(document, cancellationToken);
        }

        await foreach (ClusterEvent change in cluster.WatchAsync(Kind, ListQuery.All, list.Revision, cancellationToken))
        {
            if (change is { Document: { } document, Type: ClusterEventType.Added or ClusterEventType.Modified })
            {
                await LookAsync(document, cancellationToken);
            }
        }
    }

    private async Task LookAsync(ObjectDocument document, CancellationToken cancellationToken)
    {
        JsonObject json = document.ToJson();
        string signer = json.TextOrEmpty("spec", "signerName");
        if (!SignerRules.IsOwn(signer) || json.TextOrEmpty("status", "certificate").Length > 0
            || !HasCondition(json, "Approved") || HasCondition(json, "Denied") || HasCondition(json, "Failed"))
        {
            return;
        }

        Answer(json, signer);
        try
        {
            await cluster.UpdateAsync(Kind, json, "status", cancellationToken);
            LogAnswered(logger, document.Metadata.Name, signer, json.TextOrEmpty("status", "certificate").Length > 0);
        }
        catch (ApiException error) when (error.Reason is "Conflict" or "NotFound")
        {
            // The watch brings what someone else made of it.
        }
    }

    private void Answer(JsonObject json, string signer)
    {
        try
        {
            var request = SigningRequest.Read(json["spec"]);
            if (SignerRules.Problem(signer, request) is { } problem)
            {
                Fail(json, "SignerValidationFailure", problem);
                return;
            }

            string pem = maker.Sign(request, json.Integer("spec", "expirationSeconds"));
            json.Ensure("status")["certificate"] = Convert.ToBase64String(Encoding.ASCII.GetBytes(pem));
        }
        catch (CryptographicException error)
        {
            Fail(json, "SignerValidationFailure", $"unable to parse csr: {error.Message}");
        }
    }

    private void Fail(JsonObject json, string reason, string message)
    {
        string now = Timestamps.Text(Time.GetUtcNow());
        json.Ensure("status").EnsureArray("conditions").Add((JsonNode)new JsonObject
        {
            ["type"] = "Failed",
            ["status"] = "True",
            ["reason"] = reason,
            ["message"] = message,
            ["lastUpdateTime"] = now,
            ["lastTransitionTime"] = now,
        });
    }

    private static bool HasCondition(JsonObject json, string type) =>
        json.Objects("status", "conditions").Any(condition => condition.Text("type") == type);

    [LoggerMessage(3050, LogLevel.Information, "Answered certificate signing request {Name} of signer {Signer}; signed: {IsSigned}")]
    private static partial void LogAnswered(ILogger logger, string name, string signer, bool isSigned);
}
