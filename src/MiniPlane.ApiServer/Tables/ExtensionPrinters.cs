using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Tables;

/// <summary>Rows of the kinds that extend or steer the API itself, and of devices.</summary>
internal static class ExtensionPrinters
{
    public static JsonArray ApiService(JsonObject service, DateTimeOffset now)
    {
        JsonObject? available =
            service.Objects("status", "conditions").FirstOrDefault(condition => condition.Text("type") == "Available");
        string status = available is null ? "Unknown" : available.TextOrEmpty("status");
        if (available is not null && status != "True" && available.TextOrEmpty("reason") is { Length: > 0 } reason)
        {
            status = $"{status} ({reason})";
        }

        string backend = service.Object("spec", "service") is { } target
            ? $"{target.TextOrEmpty("namespace")}/{target.TextOrEmpty("name")}"
            : "Local";
        return Cell.Row(Cell.Name(service), backend, status, Cell.Age(service, now));
    }

    public static JsonArray Webhooks(JsonObject configuration, DateTimeOffset now) =>
        Cell.Row(Cell.Name(configuration), configuration.Array("webhooks")?.Count ?? 0, Cell.Age(configuration, now));

    public static JsonArray ValidatingPolicy(JsonObject policy, DateTimeOffset now) => Policy(policy, "validations", now);

    public static JsonArray MutatingPolicy(JsonObject policy, DateTimeOffset now) => Policy(policy, "mutations", now);

    public static JsonArray PolicyBinding(JsonObject binding, DateTimeOffset now)
    {
        string reference = Cell.Unset;
        if (binding.Object("spec", "paramRef") is { } parameters)
        {
            string name = parameters.Text("name") ?? "*";
            reference = parameters.Text("namespace") is { Length: > 0 } ns ? $"{ns}/{name}" : name;
        }

        return Cell.Row(Cell.Name(binding), binding.TextOrEmpty("spec", "policyName"), reference, Cell.Age(binding, now));
    }

    public static JsonArray FlowSchema(JsonObject schema, DateTimeOffset now)
    {
        JsonObject? dangling =
            schema.Objects("status", "conditions").FirstOrDefault(condition => condition.Text("type") == "Dangling");
        return Cell.Row(
            Cell.Name(schema),
            schema.TextOrEmpty("spec", "priorityLevelConfiguration", "name"),
            schema.Integer("spec", "matchingPrecedence") ?? 0,
            Cell.OrNone(schema.Text("spec", "distinguisherMethod", "type")),
            Cell.Age(schema, now),
            dangling is null ? "?" : dangling.TextOrEmpty("status"));
    }

    public static JsonArray PriorityLevel(JsonObject level, DateTimeOffset now)
    {
        JsonNode? shares = level.At("spec", "limited", "nominalConcurrencyShares") ?? level.At("spec", "exempt", "nominalConcurrencyShares");
        JsonObject? queuing = level.Object("spec", "limited", "limitResponse", "queuing");
        return Cell.Row(
            Cell.Name(level),
            level.TextOrEmpty("spec", "type"),
            Number(shares),
            Number(queuing.At("queues")),
            Number(queuing.At("handSize")),
            Number(queuing.At("queueLengthLimit")),
            Cell.Age(level, now));
    }

    public static JsonArray ResourceClaim(JsonObject claim, DateTimeOffset now)
    {
        var states = new List<string>();
        if (claim.Has("metadata", "deletionTimestamp"))
        {
            states.Add("deleted");
        }

        if (claim.Has("status", "allocation"))
        {
            states.Add("allocated");
        }

        if (claim.Array("status", "reservedFor") is { Count: > 0 })
        {
            states.Add("reserved");
        }

        return Cell.Row(Cell.Name(claim), states.Count > 0 ? string.Join(',', states) : "pending", Cell.Age(claim, now));
    }

    public static JsonArray ResourceSlice(JsonObject slice, DateTimeOffset now) => Cell.Row(
        Cell.Name(slice),
        slice.Text("spec", "nodeName") ?? Cell.Unset,
        slice.TextOrEmpty("spec", "driver"),
        slice.TextOrEmpty("spec", "pool", "name"),
        Cell.Age(slice, now));

    private static JsonArray Policy(JsonObject policy, string list, DateTimeOffset now)
    {
        string parameters = policy.Object("spec", "paramKind") is { } kind
            ? $"{kind.TextOrEmpty("apiVersion")}/{kind.TextOrEmpty("kind")}"
            : Cell.Unset;
        return Cell.Row(Cell.Name(policy), policy.Array("spec", list)?.Count ?? 0, parameters, Cell.Age(policy, now));
    }

    private static JsonNode Number(JsonNode? node) => node.Integer() is { } number ? number : Cell.None;
}
