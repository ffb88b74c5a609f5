using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Tables;

/// <summary>Rows of nodes, namespaces, configuration, events and quotas.</summary>
internal static class CorePrinters
{
    private const string RolePrefix = "node-role.kubernetes.io/";

    public static JsonArray Node(JsonObject node, DateTimeOffset now) => Cell.Row(
        Cell.Name(node),
        NodeStatus(node),
        Roles(node),
        Cell.Age(node, now),
        node.TextOrEmpty("status", "nodeInfo", "kubeletVersion"),
        Address(node, "InternalIP"),
        Address(node, "ExternalIP"),
        OrUnknown(node.Text("status", "nodeInfo", "osImage")),
        OrUnknown(node.Text("status", "nodeInfo", "kernelVersion")),
        OrUnknown(node.Text("status", "nodeInfo", "containerRuntimeVersion")));

    public static JsonArray Namespace(JsonObject ns, DateTimeOffset now) =>
        Cell.Row(Cell.Name(ns), ns.TextOrEmpty("status", "phase"), Cell.Age(ns, now));

    public static JsonArray ComponentStatus(JsonObject component, DateTimeOffset now)
    {
        _ = now;
        JsonObject? health = component.Objects("conditions").FirstOrDefault(condition => condition.Text("type") == "Healthy");
        string status = health is null ? "Unknown" : health.Text("status") == "True" ? "Healthy" : "Unhealthy";
        return Cell.Row(Cell.Name(component), status, health.TextOrEmpty("message"), health.TextOrEmpty("error"));
    }

    public static JsonArray ConfigMap(JsonObject map, DateTimeOffset now) =>
        Cell.Row(Cell.Name(map), (map.Object("data")?.Count ?? 0) + (map.Object("binaryData")?.Count ?? 0), Cell.Age(map, now));

    public static JsonArray Secret(JsonObject secret, DateTimeOffset now) =>
        Cell.Row(Cell.Name(secret), secret.TextOrEmpty("type"), secret.Object("data")?.Count ?? 0, Cell.Age(secret, now));

    public static JsonArray NameAndAge(JsonObject obj, DateTimeOffset now) => Cell.Row(Cell.Name(obj), Cell.Age(obj, now));

    /// <summary>Either form of an event: core/v1 or events.k8s.io/v1, which name the same things differently.</summary>
    public static JsonArray Event(JsonObject entry, DateTimeOffset now)
    {
        JsonObject? about = entry.Object("involvedObject") ?? entry.Object("regarding");
        string first = entry.Text("firstTimestamp") ?? entry.Text("deprecatedFirstTimestamp") ?? entry.TextOrEmpty("eventTime");
        string last = entry.Text("lastTimestamp") ?? entry.Text("deprecatedLastTimestamp") ?? first;
        long count = entry.Integer("count") ?? entry.Integer("deprecatedCount") ?? 1;
        if (entry.Object("series") is { } series)
        {
            last = series.TextOrEmpty("lastObservedTime");
            count = series.Integer("count") ?? count;
        }

        return Cell.Row(
            Cell.Since(last, now),
            entry.TextOrEmpty("type"),
            entry.TextOrEmpty("reason"),
            $"{about.TextOrEmpty("kind").ToLowerInvariant()}/{about.TextOrEmpty("name")}",
            about.TextOrEmpty("fieldPath"),
            Source(entry),
            (entry.Text("message") ?? entry.TextOrEmpty("note")).Trim(),
            Cell.Since(first, now),
            Math.Max(count, 1),
            Cell.Name(entry));
    }

    public static JsonArray ResourceQuota(JsonObject quota, DateTimeOffset now)
    {
        string[] Column(bool isLimit) =>
        [
            .. (quota.Object("status", "hard") ?? [])
                .Where(hard => hard.Key.StartsWith("limits", StringComparison.Ordinal) == isLimit)
                .OrderBy(hard => hard.Key, StringComparer.Ordinal)
                .Select(hard => $"{hard.Key}: {quota.Text("status", "used", hard.Key) ?? "0"}/{Cell.Scalar(hard.Value)}"),
        ];
        return Cell.Row(Cell.Name(quota), string.Join(", ", Column(isLimit: false)), string.Join(", ", Column(isLimit: true)), Cell.Age(quota, now));
    }

    private static string NodeStatus(JsonObject node)
    {
        JsonObject? ready = node.Objects("status", "conditions").FirstOrDefault(condition => condition.Text("type") == "Ready");
        string status = ready is null ? "Unknown" : ready.Text("status") == "True" ? "Ready" : "NotReady";
        return node.Flag("spec", "unschedulable") == true ? status + ",SchedulingDisabled" : status;
    }

    private static string Roles(JsonObject node)
    {
        var roles = new SortedSet<string>(StringComparer.Ordinal);
        foreach ((string key, string value) in node.TextMap("metadata", "labels"))
        {
            if (key.StartsWith(RolePrefix, StringComparison.Ordinal) && key.Length > RolePrefix.Length)
            {
                roles.Add(key[RolePrefix.Length..]);
            }
            else if (key == "kubernetes.io/role" && value.Length > 0)
            {
                roles.Add(value);
            }
        }

        return Cell.Joined(roles);
    }

    private static string Address(JsonObject node, string type) => Cell.OrNone(
        node.Objects("status", "addresses").FirstOrDefault(address => address.Text("type") == type).Text("address"));

    private static string OrUnknown(string? text) => string.IsNullOrEmpty(text) ? Cell.Unknown : text;

    private static string Source(JsonObject entry)
    {
        JsonObject? source = entry.Object("source") ?? entry.Object("deprecatedSource");
        string component = source.TextOrEmpty("component");
        if (component.Length == 0)
        {
            component = entry.Text("reportingComponent") ?? entry.TextOrEmpty("reportingController");
        }

        string host = source.TextOrEmpty("host");
        return host.Length > 0 ? $"{component}, {host}" : component;
    }
}
