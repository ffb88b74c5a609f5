using System.Text.Json.Nodes;
using MiniPlane.Controllers.Runtime;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Networking;

/// <summary>
/// Keeps the Service <c>kubernetes</c> in namespace <c>default</c>, through which programs in pods find the API server, and the addresses
/// behind it, which may change from one start to the next.
/// </summary>
internal sealed class KubernetesServiceController(ClusterContext cluster, ClusterControllersOptions options) : IController
{
    private const string ServiceName = "kubernetes";
    private const string PortName = "https";
    private static readonly ObjectKey Key = new("default", ServiceName);

    public string Name => "kubernetes-service";

    public IReadOnlyList<ControllerWatch> Watches =>
    [
        new(cluster.Kinds.Namespace, static change => change.Current.Metadata.Name == Key.Namespace ? [Key] : []),
        new(cluster.Kinds.Service, static change => change.Current.Key == Key ? [Key] : []),
        new(cluster.Kinds.Endpoints, static change => change.Current.Key == Key ? [Key] : []),
    ];

    public async Task<ReconcileResult> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (options.ApiServerEndpoints.Count == 0
            || cluster.Informers.For(cluster.Kinds.Namespace).Find(ObjectKey.Cluster(key.Namespace)) is not { Metadata.IsBeingDeleted: false })
        {
            return ReconcileResult.Done;
        }

        if (cluster.Informers.For(cluster.Kinds.Service).Find(key) is null)
        {
            await cluster.Writer.CreateAsync(cluster.Kinds.Service, Service(), cancellationToken);
        }

        ObjectDocument? current = cluster.Informers.For(cluster.Kinds.Endpoints).Find(key);
        JsonArray subsets = Subsets();
        if (current is null)
        {
            JsonObject body = Body("Endpoints");
            body["subsets"] = subsets;
            await cluster.Writer.CreateAsync(cluster.Kinds.Endpoints, body, cancellationToken);
        }
        else if (!current.ToJson().Array("subsets").SameAs(subsets))
        {
            var patch = new JsonObject { ["subsets"] = subsets };
            await cluster.Writer.MergeAsync(cluster.Kinds.Endpoints, key, patch, subresource: null, cancellationToken);
        }

        return ReconcileResult.Done;
    }

    private static JsonObject Body(string kind) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = kind,
        ["metadata"] = new JsonObject { ["name"] = Key.Name, ["namespace"] = Key.Namespace },
    };

    /// <summary>Without a selector: its slices are mirrored from the Endpoints. The port is the real one, for nothing translates it.</summary>
    private JsonObject Service()
    {
        JsonObject body = Body("Service");
        body.Ensure("metadata")["labels"] = new JsonObject { ["component"] = "apiserver", ["provider"] = "kubernetes" };
        int port = options.ApiServerEndpoints[0].Port;
        body["spec"] = new JsonObject
        {
            ["clusterIP"] = "None",
            ["ports"] = new JsonArray(new JsonObject
            {
                ["name"] = PortName,
                ["port"] = port,
                ["targetPort"] = port,
                ["protocol"] = "TCP",
            }),
        };
        return body;
    }

    /// <summary>One subset for each port, the addresses sorted.</summary>
    private JsonArray Subsets() => new(
    [
        .. options.ApiServerEndpoints.GroupBy(endpoint => endpoint.Port).OrderBy(group => group.Key).Select(group => new JsonObject
        {
            ["addresses"] = new JsonArray(
                [.. group.Select(endpoint => endpoint.Address.ToString()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
                    .Select(address => new JsonObject { ["ip"] = address })]),
            ["ports"] = new JsonArray(new JsonObject { ["name"] = PortName, ["port"] = group.Key, ["protocol"] = "TCP" }),
        }),
    ]);
}
