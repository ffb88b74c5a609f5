using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Discovery;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Aggregation;

/// <summary>
/// What aggregated servers said they serve, and the lists of this server's groups with theirs added
/// (k8s.io/kube-aggregator, handler_discovery).
/// </summary>
internal sealed class AggregatedDiscovery(AggregatedApis apis)
{
    private readonly ConcurrentDictionary<(string Group, string Version), JsonObject[]> _resources = [];

    /// <summary>Remembers the resources of an APIResourceList.</summary>
    public void Set(AggregatedApi api, JsonObject resourceList) =>
        _resources[(api.Group, api.Version)] = [.. resourceList.Objects("resources")];

    public void Forget(AggregatedApi api) => _resources.TryRemove((api.Group, api.Version), out _);

    /// <summary>The answer for <c>/apis</c> with the aggregated groups; the same instance when there are none.</summary>
    public ServedDocument Merge(ServedDocument own, DiscoveryFormat format)
    {
        IReadOnlyList<AggregatedApi> all = apis.All;
        if (all.Count == 0)
        {
            return own;
        }

        JsonObject list = JsonNode.Parse(own.Body.Span)?.AsObject() ?? [];
        JsonArray groups = list.EnsureArray(format == DiscoveryFormat.Plain ? "groups" : "items");
        HashSet<string> known =
        [
            .. groups.Select(group => format == DiscoveryFormat.Plain ? group.TextOrEmpty("name") : group.TextOrEmpty("metadata", "name")),
        ];
        foreach (IGrouping<string, AggregatedApi> group in all.OrderByDescending(api => api.GroupPriority)
            .ThenBy(api => api.Group, StringComparer.Ordinal)
            .GroupBy(api => api.Group, StringComparer.Ordinal)
            .Where(group => !known.Contains(group.Key)))
        {
            AggregatedApi[] versions = [.. group.OrderByDescending(api => api.VersionPriority)];
            groups.Add((JsonNode)(format == DiscoveryFormat.Plain ? Plain(group.Key, versions) : Aggregated(group.Key, versions)));
        }

        return new ServedDocument(Registry.JsonBytes.Encode(list), own.ContentType);
    }

    /// <summary>An entry of meta.v1.APIGroupList.</summary>
    private static JsonObject Plain(string group, AggregatedApi[] versions) => new()
    {
        ["name"] = group,
        ["versions"] = new JsonArray([.. versions.Select(Version)]),
        ["preferredVersion"] = Version(versions[0]),
    };

    private static JsonObject Version(AggregatedApi api) =>
        new() { ["groupVersion"] = $"{api.Group}/{api.Version}", ["version"] = api.Version };

    /// <summary>An entry of apidiscovery.APIGroupDiscoveryList. A server that does not answer is shown as stale, as upstream does.</summary>
    private JsonObject Aggregated(string group, AggregatedApi[] versions) => new()
    {
        ["metadata"] = new JsonObject { ["name"] = group },
        ["versions"] = new JsonArray([.. versions.Select(AggregatedVersion)]),
    };

    private JsonObject AggregatedVersion(AggregatedApi api)
    {
        bool isKnown = _resources.TryGetValue((api.Group, api.Version), out JsonObject[]? resources);
        return new JsonObject
        {
            ["version"] = api.Version,
            ["resources"] = new JsonArray([.. (resources ?? []).Where(one => !IsSubresource(one)).Select(one => Resource(api, one, resources ?? []))]),
            ["freshness"] = isKnown ? "Current" : "Stale",
        };
    }

    private static JsonObject Resource(AggregatedApi api, JsonObject resource, JsonObject[] all)
    {
        string name = resource.TextOrEmpty("name");
        var entry = new JsonObject
        {
            ["resource"] = name,
            ["responseKind"] = Kind(api, resource),
            ["scope"] = resource.Flag("namespaced") == true ? "Namespaced" : "Cluster",
            ["singularResource"] = resource.TextOrEmpty("singularName"),
            ["verbs"] = resource["verbs"]?.DeepClone() ?? new JsonArray(),
        };
        foreach (string list in (ReadOnlySpan<string>)["shortNames", "categories"])
        {
            entry.SetCopy(list, resource[list]);
        }

        JsonObject[] below = [.. all.Where(one => one.TextOrEmpty("name").StartsWith(name + "/", StringComparison.Ordinal))];
        if (below.Length > 0)
        {
            entry["subresources"] = new JsonArray([.. below.Select(one => new JsonObject
            {
                ["subresource"] = one.TextOrEmpty("name")[(name.Length + 1)..],
                ["responseKind"] = Kind(api, one),
                ["verbs"] = one["verbs"]?.DeepClone() ?? new JsonArray(),
            })]);
        }

        return entry;
    }

    private static JsonObject Kind(AggregatedApi api, JsonObject resource) => new()
    {
        ["group"] = resource.Text("group") ?? api.Group,
        ["version"] = resource.Text("version") ?? api.Version,
        ["kind"] = resource.TextOrEmpty("kind"),
    };

    private static bool IsSubresource(JsonObject resource) => resource.TextOrEmpty("name").Contains('/', StringComparison.Ordinal);
}
