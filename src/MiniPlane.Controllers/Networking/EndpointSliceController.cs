using System.Net.Sockets;
using System.Text.Json.Nodes;
using MiniPlane.Controllers.Runtime;
using MiniPlane.Controllers.Views;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.Controllers.Networking;

/// <summary>Keeps the EndpointSlices of every Service with a selector; DNS and hosts files are made from them.</summary>
internal sealed class EndpointSliceController : IController
{
    public const string Manager = "endpointslice-controller.k8s.io";

    private readonly ClusterContext _cluster;
    private readonly SelectedPods _pods;
    private readonly SliceWriter _slices;
    private readonly KindDefinition _service;

    public EndpointSliceController(ClusterContext cluster)
    {
        _cluster = cluster;
        _service = cluster.Kinds.Service;
        _pods = new SelectedPods(cluster);
        _slices = new SliceWriter(cluster, Manager);
    }

    public string Name => "endpointslice-controller";

    public IReadOnlyList<ControllerWatch> Watches =>
    [
        ControllerWatch.Self(_service),
        ControllerWatch.OwnedBy(_cluster.Kinds.EndpointSlice, _service),
        _pods.Watch,
    ];

    public async Task<ReconcileResult> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        // Slices of a Service that has gone are removed by the garbage collector.
        if (_cluster.Informers.For(_service).Find(key) is not { Metadata.IsBeingDeleted: false } service)
        {
            return ReconcileResult.Done;
        }

        List<ObjectDocument> existing = _slices.Existing(service.Metadata.Uid);
        ServiceSpec spec = service.AsService().Spec;
        if (!spec.SelectsPods)
        {
            foreach (ObjectDocument slice in existing)
            {
                await _cluster.Writer.DeleteAsync(_cluster.Kinds.EndpointSlice, slice, DeleteQuery.Default, cancellationToken);
            }

            return ReconcileResult.Done;
        }

        IReadOnlyList<PodEndpoint> endpoints = ServiceEndpoints.Of(service, _pods.Of(service));
        List<SlicePlan.Slice> planned = [];
        foreach (string type in spec.IpFamilies.Count > 0 ? spec.IpFamilies : ["IPv4"])
        {
            AddressFamily family = type == "IPv6" ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork;
            planned.AddRange(SlicePlan.Make(
                type,
                endpoints.Where(endpoint => endpoint.Address(family) is not null)
                    .Select(endpoint => (ToJson(endpoint, family), endpoint.Ports)),
                existing.FindAll(slice => slice.ToJson().Text("addressType") == type)));
        }

        try
        {
            await _slices.WriteAsync(_service, service, planned, cancellationToken);
        }
        catch (ApiException exception) when (exception.IsWorthTelling)
        {
            _cluster.Events.Warning(
                _service,
                service,
                "FailedToUpdateEndpointSlices",
                $"Error updating Endpoint Slices for Service {service.Key}: {exception.Message}",
                "endpoint-slice-controller");
            throw;
        }

        return ReconcileResult.Done;
    }

    private static JsonObject ToJson(PodEndpoint endpoint, AddressFamily family)
    {
        var json = new JsonObject
        {
            ["addresses"] = new JsonArray(endpoint.Address(family)),
            ["conditions"] = new JsonObject
            {
                ["ready"] = endpoint.IsReady,
                ["serving"] = endpoint.IsServing,
                ["terminating"] = endpoint.IsTerminating,
            },
        };
        if (endpoint.Hostname is { } hostname)
        {
            json["hostname"] = hostname;
        }

        if (endpoint.NodeName is { } node)
        {
            json["nodeName"] = node;
        }

        json["targetRef"] = endpoint.Reference();
        return json;
    }
}
