using System.Collections.Immutable;
using System.Net;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Objects.Networking;

/// <summary>What names need to know of an EndpointSlice (discovery.v1).</summary>
public sealed record EndpointSliceRecord
{
    private const string ServiceNameLabel = "kubernetes.io/service-name";

    public required ObjectKey Key { get; init; }

    /// <summary>The Service that it belongs to; its name is empty if the slice names none.</summary>
    public required ObjectKey Service { get; init; }

    public ImmutableArray<EndpointRecord> Endpoints { get; init; } = [];

    public ImmutableArray<PortRecord> Ports { get; init; } = [];

    public static EndpointSliceRecord From(ObjectDocument slice)
    {
        JsonObject json = slice.ToJson();
        bool hasAddresses = json.Text("addressType") != "FQDN";
        return new EndpointSliceRecord
        {
            Key = slice.Key,
            Service = new ObjectKey(
                slice.Metadata.Namespace, slice.Metadata.Labels.GetValueOrDefault(ServiceNameLabel, "")),
            Endpoints = hasAddresses ? [.. json.Objects("endpoints").Select(EndpointFrom)] : [],
            Ports = [.. json.Objects("ports").Select(PortRecord.From)],
        };
    }

    /// <summary>Endpoints whose names and addresses may be given out.</summary>
    public IEnumerable<EndpointRecord> Published(ServiceRecord service) =>
        Endpoints.Where(endpoint => endpoint.IsReady || service.PublishesNotReady);

    private static EndpointRecord EndpointFrom(JsonObject json) => new(
        [.. json.Texts("addresses").Select(Addresses.Parse).OfType<IPAddress>()],
        json.Text("hostname") is { Length: > 0 } hostname ? hostname : null,

        // "A nil value should be interpreted as true": discovery.v1.EndpointConditions.ready.
        json.Flag("conditions", "ready") ?? true);
}
