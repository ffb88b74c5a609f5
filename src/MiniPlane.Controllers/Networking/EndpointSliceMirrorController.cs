using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using MiniPlane.Controllers.Runtime;
using MiniPlane.Controllers.Views;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Networking;

/// <summary>
/// Mirrors hand-written Endpoints (of a Service without a selector) into EndpointSlices, for readers that know only slices.
/// </summary>
internal sealed class EndpointSliceMirrorController : IController
{
    private const string Manager = "endpointslicemirroring-controller.k8s.io";
    private const string SkipLabel = "endpointslice.kubernetes.io/skip-mirror";
    private const string LeaderAnnotation = "control-plane.alpha.kubernetes.io/leader";

    /// <summary>At most so many addresses of one subset are mirrored, as upstream does.</summary>
    private const int MostAddresses = 1000;

    private readonly ClusterContext _cluster;
    private readonly SliceWriter _slices;
    private readonly KindDefinition _kind;

    public EndpointSliceMirrorController(ClusterContext cluster)
    {
        _cluster = cluster;
        _kind = cluster.Kinds.Endpoints;
        _slices = new SliceWriter(cluster, Manager);
    }

    public string Name => "endpointslice-mirroring-controller";

    public IReadOnlyList<ControllerWatch> Watches =>
    [
        ControllerWatch.Self(_kind),
        ControllerWatch.Self(_cluster.Kinds.Service),
        ControllerWatch.OwnedBy(_cluster.Kinds.EndpointSlice, _kind),
    ];

    public async Task<ReconcileResult> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (_cluster.Informers.For(_kind).Find(key) is not { Metadata.IsBeingDeleted: false } endpoints)
        {
            return ReconcileResult.Done;
        }

        List<ObjectDocument> existing = _slices.Existing(endpoints.Metadata.Uid);
        if (!IsMirrored(endpoints))
        {
            foreach (ObjectDocument slice in existing)
            {
                await _cluster.Writer.DeleteAsync(_cluster.Kinds.EndpointSlice, slice, DeleteQuery.Default, cancellationToken);
            }

            return ReconcileResult.Done;
        }

        List<SlicePlan.Slice> planned = [];
        foreach ((string type, AddressFamily family) in ((string, AddressFamily)[])
            [("IPv4", AddressFamily.InterNetwork), ("IPv6", AddressFamily.InterNetworkV6)])
        {
            List<(JsonObject, IReadOnlyList<EndpointPort>)> entries = [.. Entries(endpoints, family)];
            if (entries.Count > 0)
            {
                planned.AddRange(SlicePlan.Make(
                    type, entries, existing.FindAll(slice => slice.ToJson().Text("addressType") == type)));
            }
        }

        await _slices.WriteAsync(_kind, endpoints, planned, cancellationToken);
        return ReconcileResult.Done;
    }

    private bool IsMirrored(ObjectDocument endpoints) =>
        endpoints.Metadata.Labels.GetValueOrDefault(SkipLabel) != "true"
        && !endpoints.Metadata.Annotations.ContainsKey(LeaderAnnotation)
        && _cluster.Informers.For(_cluster.Kinds.Service).Find(endpoints.Key) is { } service
        && (service.AsService().Spec.Selector?.Count ?? 0) == 0;

    private static IEnumerable<(JsonObject, IReadOnlyList<EndpointPort>)> Entries(ObjectDocument endpoints, AddressFamily family)
    {
        foreach (JsonObject subset in endpoints.ToJson().Objects("subsets"))
        {
            EndpointPort[] ports =
            [
                .. subset.Objects("ports").Select(port => new EndpointPort(
                    port.TextOrEmpty("name"), (int)(port.Integer("port") ?? 0), port.Text("protocol") ?? "TCP", port.Text("appProtocol"))),
            ];
            IEnumerable<JsonObject> all = subset.Objects("addresses").Select(address => Mirror(address, isReady: true))
                .Concat(subset.Objects("notReadyAddresses").Select(address => Mirror(address, isReady: false)))
                .Where(entry => IPAddress.TryParse(entry.Texts("addresses").First(), out IPAddress? ip) && ip.AddressFamily == family)
                .Take(MostAddresses);
            foreach (JsonObject entry in all)
            {
                yield return (entry, ports);
            }
        }
    }

    private static JsonObject Mirror(JsonObject address, bool isReady)
    {
        var json = new JsonObject
        {
            ["addresses"] = new JsonArray(address.TextOrEmpty("ip")),
            ["conditions"] = new JsonObject { ["ready"] = isReady },
        };
        foreach (string name in (ReadOnlySpan<string>)["hostname", "nodeName", "targetRef"])
        {
            json.SetCopy(name, address[name]);
        }

        return json;
    }
}
