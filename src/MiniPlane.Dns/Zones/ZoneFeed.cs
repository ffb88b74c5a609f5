using System.Collections.Immutable;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Networking;

namespace MiniPlane.Dns.Zones;

/// <summary>A kind that makes names, and what its objects do to the zone.</summary>
internal sealed record ZoneFeed(
    string ApiVersion,
    string Kind,
    Func<ClusterZone, IReadOnlyList<ObjectDocument>, ClusterZone> Replace,
    Func<ClusterZone, ObjectDocument, ClusterZone> Apply,
    Func<ClusterZone, ObjectKey, ClusterZone> Remove)
{
    public static readonly ImmutableArray<ZoneFeed> All =
    [
        new(
            "v1",
            "Service",
            (zone, items) => zone.WithServices([.. items.Select(ServiceRecord.From)]),
            (zone, item) => zone.With(ServiceRecord.From(item)),
            (zone, key) => zone.WithoutService(key)),
        new(
            "discovery.k8s.io/v1",
            "EndpointSlice",
            (zone, items) => zone.WithSlices([.. items.Select(EndpointSliceRecord.From)]),
            (zone, item) => zone.With(EndpointSliceRecord.From(item)),
            (zone, key) => zone.WithoutSlice(key)),
        new(
            "v1",
            "Pod",
            (zone, items) => zone.WithPods([.. items.Select(PodRecord.From)]),
            (zone, item) => zone.With(PodRecord.From(item)),
            (zone, key) => zone.WithoutPod(key)),
    ];
}
