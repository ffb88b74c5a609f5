using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using MiniPlane.ApiServer.Identity;
using MiniPlane.ApiServer.Proxy;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;
using MiniPlane.Objects.Loops;

namespace MiniPlane.ApiServer.Aggregation;

/// <summary>
/// Tells aggregated API servers how to know this one and its users: ConfigMap <c>extension-apiserver-authentication</c> in kube-system,
/// and the role to read it (pkg/controlplane/controller/clusterauthenticationtrust).
/// </summary>
internal sealed class FrontProxyPublisher(
    IClusterClient cluster, FrontProxyPki frontProxy, ClusterPki pki, ILogger<FrontProxyPublisher> logger, TimeProvider time)
    : BackgroundLoop(logger, time)
{
    private const string Map = "extension-apiserver-authentication";
    private const string Role = "extension-apiserver-authentication-reader";
    private static readonly ObjectKey SystemNamespace = ObjectKey.Cluster("kube-system");
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        while (await cluster.FindAsync(BuiltInKinds.Namespace, SystemNamespace, cancellationToken) is null)
        {
            await Task.Delay(Pause, Time, cancellationToken);
        }

        await EnsureAsync(BuiltInKinds.ConfigMap, Map, "data", Data(), cancellationToken);
        await EnsureAsync(BuiltInKinds.Role, Role, "rules", Rules(), cancellationToken);
        await Task.Delay(Interval, Time, cancellationToken);
    }

    private JsonObject Data() => new()
    {
        ["client-ca-file"] = pki.AuthorityPem + "\n",
        ["requestheader-allowed-names"] = $"[\"{FrontProxyPki.CommonName}\"]",
        ["requestheader-client-ca-file"] = frontProxy.AuthorityPem,
        ["requestheader-extra-headers-prefix"] = "[\"X-Remote-Extra-\"]",
        ["requestheader-group-headers"] = "[\"X-Remote-Group\"]",
        ["requestheader-uid-headers"] = "[\"X-Remote-Uid\"]",
        ["requestheader-username-headers"] = "[\"X-Remote-User\"]",
    };

    private static JsonArray Rules() => new(new JsonObject
    {
        ["apiGroups"] = new JsonArray(""),
        ["resources"] = new JsonArray("configmaps"),
        ["resourceNames"] = new JsonArray(Map),
        ["verbs"] = new JsonArray("get", "list", "watch"),
    });

    private async Task EnsureAsync(KindDefinition kind, string name, string field, JsonNode content, CancellationToken cancellationToken)
    {
        var key = new ObjectKey(SystemNamespace.Name, name);
        if (await cluster.FindAsync(kind, key, cancellationToken) is { } known)
        {
            if (!known.ToJson()[field].SameAs(content))
            {
                await cluster.PatchAsync(kind, key, PatchType.Merge, new JsonObject { [field] = content }, null, cancellationToken);
            }

            return;
        }

        try
        {
            var body = new JsonObject
            {
                ["apiVersion"] = kind.ApiVersion,
                ["kind"] = kind.Kind,
                ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = SystemNamespace.Name },
                [field] = content,
            };
            await cluster.CreateAsync(kind, body, cancellationToken);
        }
        catch (ApiException error) when (error.Reason == "AlreadyExists")
        {
            // Made between the look and the write; the next round compares it.
        }
    }
}
