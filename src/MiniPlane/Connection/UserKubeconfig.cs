using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Connection;

/// <summary>
/// A kubeconfig for somebody: a key made here, a CertificateSigningRequest that the administrator approves, and the certificate that
/// the cluster then signs. The key is in no other place.
/// </summary>
internal static class UserKubeconfig
{
    private const string Api = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    public static async Task<string> MakeAsync(
        ServerConnection server, string user, IReadOnlyList<string> groups, TimeProvider time, CancellationToken cancellationToken)
    {
        if (groups.Contains("system:masters", StringComparer.Ordinal))
        {
            throw new CommandFailure("the cluster signs nobody into system:masters; bind a role instead: "
                + $"kubectl create clusterrolebinding {user}-admin --clusterrole=cluster-admin --user={user}");
        }

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string name = $"miniplane-user-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(5))}";
        JsonObject request = await server.SendAsync(HttpMethod.Post, Api, Request(name, user, groups, key), cancellationToken);
        try
        {
            await server.SendAsync(HttpMethod.Put, $"{Api}/{name}/approval", Approved(request), cancellationToken);
            string certificate = await WaitAsync(server, name, time, cancellationToken);
            return Text(server, user, certificate, key);
        }
        finally
        {
            await server.SendAsync(HttpMethod.Delete, $"{Api}/{name}", null, CancellationToken.None);
        }
    }

    private static JsonObject Request(string name, string user, IReadOnlyList<string> groups, ECDsa key)
    {
        var subject = new X500DistinguishedNameBuilder();
        foreach (string group in groups)
        {
            subject.AddOrganizationName(group);
        }

        subject.AddCommonName(user);
        var request = new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA256);
        return new JsonObject
        {
            ["apiVersion"] = "certificates.k8s.io/v1",
            ["kind"] = "CertificateSigningRequest",
            ["metadata"] = new JsonObject { ["name"] = name },
            ["spec"] = new JsonObject
            {
                ["request"] = Convert.ToBase64String(Encoding.ASCII.GetBytes(request.CreateSigningRequestPem() + "\n")),
                ["signerName"] = "kubernetes.io/kube-apiserver-client",
                ["usages"] = new JsonArray("client auth"),
            },
        };
    }

    private static JsonObject Approved(JsonObject request)
    {
        var approved = (JsonObject)request.DeepClone();
        approved.Ensure("status")["conditions"] = new JsonArray(new JsonObject
        {
            ["type"] = "Approved",
            ["status"] = "True",
            ["reason"] = "MadeByAdministrator",
            ["message"] = "asked for with miniplane kubeconfig user",
        });
        return approved;
    }

    private static async Task<string> WaitAsync(ServerConnection server, string name, TimeProvider time, CancellationToken cancellationToken)
    {
        long started = time.GetTimestamp();
        while (time.GetElapsedTime(started) < Limit)
        {
            JsonObject now = await server.GetAsync($"{Api}/{name}", cancellationToken);
            if (now.Text("status", "certificate") is { Length: > 0 } certificate)
            {
                return certificate;
            }

            if (now.Objects("status", "conditions").FirstOrDefault(condition => condition.Text("type") == "Failed") is { } failed)
            {
                throw new CommandFailure($"the certificate was refused: {failed.Text("message")}");
            }

            await Task.Delay(Pause, time, cancellationToken);
        }

        throw new CommandFailure(string.Create(
            CultureInfo.InvariantCulture, $"the certificate was not signed within {Limit.TotalSeconds} s; see `miniplane logs`"));
    }

    // JSON text in quotes is YAML too, so that no name can break out of its line.
    private static string Text(ServerConnection server, string user, string certificate, ECDsa key) => $"""
        apiVersion: v1
        kind: Config
        clusters:
        - name: miniplane
          cluster:
            server: {server.Server}
            certificate-authority-data: {server.AuthorityData}
        users:
        - name: {Quote(user)}
          user:
            client-certificate-data: {certificate}
            client-key-data: {Pem(key)}
        contexts:
        - name: miniplane
          context:
            cluster: miniplane
            user: {Quote(user)}
        current-context: miniplane

        """;

    private static string Pem(ECDsa key) => Convert.ToBase64String(Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n"));

    private static string Quote(string text) => JsonValue.Create(text).ToJsonString();
}
