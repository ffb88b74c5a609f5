using System.Text.Json.Nodes;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Wire.Agent;
using MiniPlane.Workloads.Dispatch;
using MiniPlane.Workloads.Views;

namespace MiniPlane.Workloads.Agents;

/// <summary>ServiceAccount tokens for pods, bound to them (authentication.k8s.io TokenRequest).</summary>
internal sealed class PodTokens(IClusterClient cluster, ClusterKinds kinds)
{
    private const long DefaultLifetime = 3600;

    /// <summary>
    /// How long these tokens are good for before new ones are due: kubelet asks again after four fifths of a token's life (its
    /// token manager's requiresRefresh), and the shortest life counts for all.
    /// </summary>
    public static TimeSpan LifeOf(IEnumerable<ServiceAccountToken> tokens) =>
        TimeSpan.FromSeconds(tokens.Min(token => token.ExpirationSeconds) * 0.8);

    /// <summary>One token for each distinct projection of the pod.</summary>
    public async ValueTask<IReadOnlyList<ServiceAccountToken>> RequestAsync(
        ObjectDocument document, PodSpecView pod, CancellationToken cancellationToken)
    {
        var tokens = new List<ServiceAccountToken>();
        foreach ((string audience, long lifetime) in PodReferences.TokensOf(pod)
            .Select(token => (token.Audience, token.ExpirationSeconds ?? DefaultLifetime))
            .Distinct())
        {
            tokens.Add(await RequestAsync(document, pod, audience, lifetime, cancellationToken));
        }

        return tokens;
    }

    private async ValueTask<ServiceAccountToken> RequestAsync(
        ObjectDocument document, PodSpecView pod, string audience, long lifetime, CancellationToken cancellationToken)
    {
        var spec = new JsonObject
        {
            ["expirationSeconds"] = lifetime,
            ["boundObjectRef"] = new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "Pod",
                ["name"] = document.Metadata.Name,
                ["uid"] = document.Metadata.Uid,
            },
        };
        if (audience.Length > 0)
        {
            spec["audiences"] = new JsonArray(JsonValue.Create(audience));
        }

        string account = pod.ServiceAccountName.Length > 0 ? pod.ServiceAccountName : "default";
        JsonObject answer = await cluster.CreateSubresourceAsync(
            kinds.ServiceAccounts,
            new ObjectKey(document.Metadata.Namespace, account),
            "token",
            new JsonObject { ["apiVersion"] = "authentication.k8s.io/v1", ["kind"] = "TokenRequest", ["spec"] = spec },
            cancellationToken);
        return new ServiceAccountToken
        {
            Audience = audience,
            ExpirationSeconds = lifetime,
            Token = answer.TextOrEmpty("status", "token"),
        };
    }
}
