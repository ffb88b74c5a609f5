using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Registry;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.CustomResources;

/// <summary>Reads and sets conditions of a CustomResourceDefinition; their time changes only with their status.</summary>
internal static class DefinitionConditions
{
    public const string Established = "Established";
    public const string NamesAccepted = "NamesAccepted";
    public const string Terminating = "Terminating";

    public static bool IsTrue(JsonObject definition, string type) => Find(definition, type)?.Text("status") == "True";

    public static JsonObject? Find(JsonObject definition, string type) =>
        definition.Objects("status", "conditions").FirstOrDefault(condition => condition.Text("type") == type);

    public static void Set(JsonObject definition, string type, bool isTrue, string reason, string message, DateTimeOffset now)
    {
        string status = isTrue ? "True" : "False";
        if (Find(definition, type) is not { } condition)
        {
            condition = new JsonObject { ["type"] = type };
            definition.Ensure("status").EnsureArray("conditions").Add((JsonNode)condition);
        }

        if (condition.Text("status") != status || !condition.Has("lastTransitionTime"))
        {
            condition["lastTransitionTime"] = Timestamps.Text(now);
        }

        condition["message"] = message;
        condition["reason"] = reason;
        condition["status"] = status;
    }
}
