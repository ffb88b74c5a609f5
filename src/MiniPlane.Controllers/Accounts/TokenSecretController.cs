using System.Text;
using System.Text.Json.Nodes;
using MiniPlane.Controllers.Runtime;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Accounts;

/// <summary>
/// Fills Secrets of type <c>kubernetes.io/service-account-token</c>, which people make for clients outside the cluster, and takes them
/// away with their account (pkg/controller/serviceaccount/tokens_controller.go). The token is one bound to the Secret, for the longest
/// time that there is; upstream's is of an older form that never ends.
/// </summary>
internal sealed class TokenSecretController(ClusterContext cluster, ClusterControllersOptions options) : IController
{
    private const string Sort = "kubernetes.io/service-account-token";
    private const string NameAnnotation = "kubernetes.io/service-account.name";
    private const string UidAnnotation = "kubernetes.io/service-account.uid";
    private const long LongestSeconds = 1L << 32;

    public string Name => "serviceaccount-token-controller";

    public IReadOnlyList<ControllerWatch> Watches =>
    [
        ControllerWatch.Self(cluster.Kinds.Secret),
        new(cluster.Kinds.ServiceAccount, change => SecretsOf(change.Current)),
    ];

    public async Task<ReconcileResult> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (cluster.Informers.For(cluster.Kinds.Secret).Find(key) is not { Metadata.IsBeingDeleted: false } secret
            || secret.ToJson() is not { } json || json.Text("type") != Sort)
        {
            return ReconcileResult.Done;
        }

        // Looked up where it is true: whose account is gone loses the Secret.
        string name = secret.Metadata.Annotations.GetValueOrDefault(NameAnnotation, "");
        var account = new ObjectKey(key.Namespace, name);
        ObjectDocument? found = await cluster.Client.FindAsync(cluster.Kinds.ServiceAccount, account, cancellationToken);
        string uid = secret.Metadata.Annotations.GetValueOrDefault(UidAnnotation, "");
        if (found is null || (uid.Length > 0 && uid != found.Metadata.Uid))
        {
            await cluster.Writer.DeleteAsync(cluster.Kinds.Secret, secret, DeleteQuery.Default, cancellationToken);
            return ReconcileResult.Done;
        }

        JsonObject data = await MissingAsync(secret, json, account, cancellationToken);
        if (data.Count > 0 || uid.Length == 0)
        {
            var patch = new JsonObject
            {
                ["metadata"] = new JsonObject
                {
                    ["resourceVersion"] = json.Text("metadata", "resourceVersion"),
                    ["annotations"] = new JsonObject { [UidAnnotation] = found.Metadata.Uid },
                },
                ["data"] = data,
            };
            await cluster.Writer.MergeAsync(cluster.Kinds.Secret, key, patch, subresource: null, cancellationToken);
        }

        return ReconcileResult.Done;
    }

    private async Task<JsonObject> MissingAsync(
        ObjectDocument secret, JsonObject json, ObjectKey account, CancellationToken cancellationToken)
    {
        var data = new JsonObject();
        if (options.ClusterAuthorityPem is { } pem && json.Text("data", "ca.crt") != Encoded(pem))
        {
            data["ca.crt"] = Encoded(pem);
        }

        if (json.Text("data", "namespace") != Encoded(account.Namespace))
        {
            data["namespace"] = Encoded(account.Namespace);
        }

        if (json.TextOrEmpty("data", "token").Length == 0)
        {
            var request = new JsonObject
            {
                ["apiVersion"] = "authentication.k8s.io/v1",
                ["kind"] = "TokenRequest",
                ["spec"] = new JsonObject
                {
                    ["expirationSeconds"] = LongestSeconds,
                    ["boundObjectRef"] = new JsonObject
                    {
                        ["apiVersion"] = "v1",
                        ["kind"] = "Secret",
                        ["name"] = secret.Metadata.Name,
                        ["uid"] = secret.Metadata.Uid,
                    },
                },
            };
            JsonObject answer = await cluster.Client.CreateSubresourceAsync(
                cluster.Kinds.ServiceAccount, account, "token", request, cancellationToken);
            data["token"] = Encoded(answer.TextOrEmpty("status", "token"));
        }

        return data;
    }

    private IEnumerable<ObjectKey> SecretsOf(ObjectDocument account) => cluster.Informers.For(cluster.Kinds.Secret)
        .InNamespace(account.Metadata.Namespace)
        .Where(secret => secret.Metadata.Annotations.GetValueOrDefault(NameAnnotation, "") == account.Metadata.Name)
        .Select(secret => secret.Key);

    private static string Encoded(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
