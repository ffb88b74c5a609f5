using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Runtime;

/// <summary>Sets and removes entries of <c>status.conditions</c> by type.</summary>
internal static class StatusConditions
{
    public static JsonObject? Find(JsonObject status, string type) =>
        status.Objects("conditions").FirstOrDefault(condition => condition.TextOrEmpty("type") == type);

    /// <summary>
    /// Sets a condition. <c>lastTransitionTime</c> moves only when the condition's status does. Nothing changes when status,
    /// reason and message are as they were.
    /// </summary>
    public static JsonObject Set(
        JsonObject status, string type, bool value, string? reason, string? message, DateTimeOffset now) =>
        Set(status, type, value ? "True" : "False", reason, message, now);

    /// <summary>Sets a condition to <c>True</c>, <c>False</c> or <c>Unknown</c>.</summary>
    public static JsonObject Set(
        JsonObject status, string type, string text, string? reason, string? message, DateTimeOffset now)
    {
        JsonObject? condition = Find(status, type);
        if (condition is null)
        {
            condition = new JsonObject { ["type"] = type };
            status.EnsureArray("conditions").Add((JsonNode)condition);
        }

        if (condition.TextOrEmpty("status") != text)
        {
            condition["status"] = text;
            condition["lastTransitionTime"] = ApiTime.Format(now);
        }

        SetText(condition, "reason", reason);
        SetText(condition, "message", message);
        return condition;
    }

    public static void Remove(JsonObject status, string type)
    {
        if (Find(status, type) is { } condition)
        {
            JsonArray conditions = status.EnsureArray("conditions");
            conditions.Remove(condition);
            if (conditions.Count == 0)
            {
                status.Remove("conditions");
            }
        }
    }

    private static void SetText(JsonObject json, string name, string? value)
    {
        if (string.IsNullOrEmpty(value))
        {
            json.Remove(name);
        }
        else if (json.TextOrEmpty(name) != value)
        {
            json[name] = value;
        }
    }
}
