using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Networking;

/// <summary>
/// Spreads endpoints over slices of at most 100 with equal ports and address type. Endpoints stay in the slice they are in, so that a
/// change of one pod changes one slice. Pure.
/// </summary>
internal static class SlicePlan
{
    public const int MostPerSlice = 100;

    /// <summary>What a slice should hold; <see cref="Existing"/> is null for a new one.</summary>
    internal sealed record Slice(
        ObjectDocument? Existing, string AddressType, IReadOnlyList<EndpointPort> Ports, IReadOnlyList<JsonObject> Endpoints);

    /// <summary>
    /// The slices of one address type. Existing ones that are not among the answer are to be deleted. Without any endpoint one
    /// empty slice stays, to say that the Service is known.
    /// </summary>
    public static IReadOnlyList<Slice> Make(
        string addressType,
        IEnumerable<(JsonObject Endpoint, IReadOnlyList<EndpointPort> Ports)> endpoints,
        IReadOnlyList<ObjectDocument> existing)
    {
        List<Slice> planned = [];
        var unused = existing.OrderBy(slice => slice.Metadata.CreationTimestamp)
            .ThenBy(slice => slice.Metadata.Name, StringComparer.Ordinal).ToList();
        foreach (IGrouping<string, (JsonObject Endpoint, IReadOnlyList<EndpointPort> Ports)> group in
            endpoints.GroupBy(entry => string.Join('|', entry.Ports), StringComparer.Ordinal))
        {
            IReadOnlyList<EndpointPort> ports = group.First().Ports;
            JsonArray portJson = PortJson(ports);
            var mine = unused.Where(slice => SameItems(slice.ToJson().Array("ports"), portJson)).ToList();
            unused.RemoveAll(mine.Contains);
            planned.AddRange(Spread(addressType, ports, [.. group.Select(entry => entry.Endpoint)], mine));
        }

        if (planned.Count == 0)
        {
            planned.Add(new Slice(unused.FirstOrDefault(), addressType, [], []));
        }

        return planned;
    }

    public static JsonArray PortJson(IReadOnlyList<EndpointPort> ports) => new([.. ports.Select(port => port.ToSlicePort())]);

    /// <summary>Equal lists, where null and empty are the same.</summary>
    public static bool SameItems(JsonArray? left, JsonArray? right) =>
        (left?.Count ?? 0) == 0 ? (right?.Count ?? 0) == 0 : left.SameAs(right);

    private static IEnumerable<Slice> Spread(
        string addressType,
        IReadOnlyList<EndpointPort> ports,
        IReadOnlyList<JsonObject> endpoints,
        List<ObjectDocument> existing)
    {
        Dictionary<string, JsonObject> byIdentity = new(StringComparer.Ordinal);
        foreach (JsonObject endpoint in endpoints)
        {
            byIdentity[Identity(endpoint)] = endpoint;
        }

        List<(ObjectDocument? Existing, List<JsonObject> Endpoints)> slices = [];
        foreach (ObjectDocument slice in existing)
        {
            List<JsonObject> kept = [];
            foreach (JsonObject old in slice.ToJson().Objects("endpoints"))
            {
                if (kept.Count < MostPerSlice && byIdentity.Remove(Identity(old), out JsonObject? endpoint))
                {
                    kept.Add(endpoint);
                }
            }

            slices.Add((slice, kept));
        }

        var added = new Queue<JsonObject>(endpoints.Where(endpoint => byIdentity.ContainsKey(Identity(endpoint))));
        foreach ((_, List<JsonObject> kept) in slices)
        {
            while (kept.Count < MostPerSlice && added.TryDequeue(out JsonObject? endpoint))
            {
                kept.Add(endpoint);
            }
        }

        while (added.Count > 0)
        {
            List<JsonObject> fresh = [];
            while (fresh.Count < MostPerSlice && added.TryDequeue(out JsonObject? endpoint))
            {
                fresh.Add(endpoint);
            }

            slices.Add((null, fresh));
        }

        return slices.Where(slice => slice.Endpoints.Count > 0)
            .Select(slice => new Slice(slice.Existing, addressType, ports, slice.Endpoints));
    }

    /// <summary>The same pod at the same address; mirrored endpoints have no pod.</summary>
    private static string Identity(JsonObject endpoint) =>
        endpoint.TextOrEmpty("targetRef", "uid") + "@" + endpoint.Texts("addresses").FirstOrDefault();
}
