using System.Net.Sockets;
using System.Text.Json.Nodes;
using MiniPlane.Controllers.Runtime;
using MiniPlane.Controllers.Views;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.Controllers.Networking;

/// <summary>Keeps one core/v1 Endpoints object for every Service with a selector.</summary>
internal sealed class EndpointsController : IController
{
    public const string HeadlessLabel = "service.kubernetes.io/headless";
    public const string ManagedByLabel = "endpoints.kubernetes.io/managed-by";
    public const string Manager = "endpoint-controller";
    private const string CapacityAnnotation = "endpoints.kubernetes.io/over-capacity";

    /// <summary>Upstream's bound on one object; slices carry all of them.</summary>
    private const int MostAddresses = 1000;

    private readonly ClusterContext _cluster;
    private readonly SelectedPods _pods;
    private readonly KindDefinition _kind;

    public EndpointsController(ClusterContext cluster)
    {
        _cluster = cluster;
        _kind = cluster.Kinds.Endpoints;
        _pods = new SelectedPods(cluster);
    }

    public string Name => Manager;

    public IReadOnlyList<ControllerWatch> Watches =>
        [ControllerWatch.Self(_cluster.Kinds.Service), ControllerWatch.Self(_kind), _pods.Watch];

    public async Task<ReconcileResult> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        ObjectDocument? service = _cluster.Informers.For(_cluster.Kinds.Service).Find(key);
        ObjectDocument? current = _cluster.Informers.For(_kind).Find(key);
        if (service is null or { Metadata.IsBeingDeleted: true })
        {
            // Only what this controller made; Endpoints without a Service may be somebody's own (leader election).
            if (service is null && current is not null && current.Metadata.Labels.GetValueOrDefault(ManagedByLabel) == Manager)
            {
                await _cluster.Writer.DeleteAsync(_kind, current, DeleteQuery.Default, cancellationToken);
            }

            return ReconcileResult.Done;
        }

        if (service.AsService().Spec.SelectsPods)
        {
            await WriteAsync(key, current, service, cancellationToken);
        }

        return ReconcileResult.Done;
    }

    private async Task WriteAsync(
        ObjectKey key, ObjectDocument? current, ObjectDocument service, CancellationToken cancellationToken)
    {
        PodEndpoint[] endpoints =
        [
            .. ServiceEndpoints.Of(service, _pods.Of(service))
                .Where(endpoint => !endpoint.IsTerminating || service.AsService().Spec.PublishNotReadyAddresses),
        ];
        JsonArray subsets = Subsets(service, endpoints.OrderByDescending(endpoint => endpoint.IsReady).Take(MostAddresses));
        var labels = new JsonObject();
        foreach ((string name, string value) in service.Metadata.Labels)
        {
            labels[name] = value;
        }

        labels[HeadlessLabel] = "";
        labels[ManagedByLabel] = Manager;
        JsonObject body = current?.ToJson() ?? new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Endpoints" };
        JsonNode before = body.DeepClone();
        JsonObject metadata = body.Ensure("metadata");
        metadata["name"] = key.Name;
        metadata["namespace"] = key.Namespace;
        metadata["labels"] = labels;
        if (endpoints.Length > MostAddresses)
        {
            body.Ensure("metadata", "annotations")[CapacityAnnotation] = "truncated";
        }
        else
        {
            body.Object("metadata", "annotations")?.Remove(CapacityAnnotation);
        }

        if (subsets.Count > 0)
        {
            body["subsets"] = subsets;
        }
        else
        {
            body.Remove("subsets");
        }

        try
        {
            if (current is null)
            {
                await _cluster.Writer.CreateAsync(_kind, body, cancellationToken);
            }
            else if (!body.SameAs(before))
            {
                await _cluster.Writer.UpdateAsync(_kind, body, subresource: null, cancellationToken);
            }
        }
        catch (ApiException exception) when (exception.IsWorthTelling)
        {
            (string reason, string what) = current is null
                ? ("FailedToCreateEndpoint", $"Failed to create endpoint for service {key}")
                : ("FailedToUpdateEndpoint", $"Failed to update endpoint {key}");
            _cluster.Events.Warning(_cluster.Kinds.Service, service, reason, $"{what}: {exception.Message}", Manager);
            throw;
        }
    }

    /// <summary>One subset for all pods with the same ports.</summary>
    private static JsonArray Subsets(ObjectDocument service, IEnumerable<PodEndpoint> endpoints)
    {
        AddressFamily family = service.AsService().Spec.IpFamilies is ["IPv6", ..]
            ? AddressFamily.InterNetworkV6
            : AddressFamily.InterNetwork;
        var subsets = new JsonArray();
        IEnumerable<IGrouping<string, PodEndpoint>> groups = endpoints
            .Where(endpoint => endpoint.Address(family) is not null
                && (endpoint.Ports.Count > 0 || service.AsService().Spec.Ports.Count == 0))
            .GroupBy(endpoint => endpoint.PortKey, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal);
        foreach (IGrouping<string, PodEndpoint> group in groups)
        {
            var subset = new JsonObject();
            AddAddresses(subset, "addresses", group.Where(endpoint => endpoint.IsReady), family);
            AddAddresses(subset, "notReadyAddresses", group.Where(endpoint => !endpoint.IsReady), family);
            var ports = new JsonArray([.. group.First().Ports.Select(port => port.ToEndpointsPort())]);
            if (ports.Count > 0)
            {
                subset["ports"] = ports;
            }

            subsets.Add((JsonNode)subset);
        }

        return subsets;
    }

    private static void AddAddresses(
        JsonObject subset, string name, IEnumerable<PodEndpoint> endpoints, AddressFamily family)
    {
        var addresses = new JsonArray([.. endpoints.OrderBy(endpoint => endpoint.Address(family), StringComparer.Ordinal).Select(ToAddress)]);
        if (addresses.Count > 0)
        {
            subset[name] = addresses;
        }

        JsonObject ToAddress(PodEndpoint endpoint)
        {
            var address = new JsonObject { ["ip"] = endpoint.Address(family) };
            if (endpoint.Hostname is { } hostname)
            {
                address["hostname"] = hostname;
            }

            if (endpoint.NodeName is { } node)
            {
                address["nodeName"] = node;
            }

            address["targetRef"] = endpoint.Reference();
            return address;
        }
    }
}
