using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Tests;

/// <summary>Objects as a user would apply them, after the API server's defaults.</summary>
internal static class Make
{
    public static JsonObject Object(string apiVersion, string kind, string name, string? @namespace = "default")
    {
        var metadata = new JsonObject { ["name"] = name };
        if (@namespace is not null)
        {
            metadata["namespace"] = @namespace;
        }

        return new JsonObject { ["apiVersion"] = apiVersion, ["kind"] = kind, ["metadata"] = metadata };
    }

    public static JsonObject Namespace(string name) => Object("v1", "Namespace", name, @namespace: null);

    public static JsonObject Json(string text) => JsonNode.Parse(text)!.AsObject();

    public static JsonObject With(this JsonObject json, string part, string text)
    {
        json[part] = JsonNode.Parse(text);
        return json;
    }

    public static JsonObject Labels(this JsonObject json, params (string Key, string Value)[] labels)
    {
        foreach ((string key, string value) in labels)
        {
            json.Ensure("metadata", "labels")[key] = value;
        }

        return json;
    }
}
