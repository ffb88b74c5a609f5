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

    public static JsonObject PodTemplate(string image = "app:1") => Json($$"""
        { "metadata": { "labels": { "app": "web" } },
          "spec": { "containers": [ { "name": "app", "image": "{{image}}" } ], "restartPolicy": "Always" } }
        """);

    public static JsonObject ReplicaSet(string name, int replicas)
    {
        JsonObject json = Object("apps/v1", "ReplicaSet", name)
            .With("spec", $$"""{ "replicas": {{replicas}}, "selector": { "matchLabels": { "app": "web" } } }""");
        json["spec"]!["template"] = PodTemplate();
        return json;
    }

    public static JsonObject Deployment(string name, int replicas, string strategy = """{ "type": "RollingUpdate", "rollingUpdate": { "maxSurge": "25%", "maxUnavailable": "25%" } }""")
    {
        JsonObject json = Object("apps/v1", "Deployment", name).With("spec", $$"""
            { "replicas": {{replicas}}, "selector": { "matchLabels": { "app": "web" } }, "strategy": {{strategy}},
              "revisionHistoryLimit": 10, "progressDeadlineSeconds": 600 }
            """);
        json["spec"]!["template"] = PodTemplate();
        return json;
    }

    public static JsonObject Pod(string name, string? node = null)
    {
        JsonObject json = Object("v1", "Pod", name).With("spec", """{ "containers": [ { "name": "app" } ] }""");
        if (node is not null)
        {
            json["spec"]!["nodeName"] = node;
        }

        return json;
    }
}
