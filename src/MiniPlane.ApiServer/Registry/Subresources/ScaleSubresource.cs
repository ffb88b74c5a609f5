using System.Text.Json.Nodes;
using MiniPlane.ApiServer.CustomResources;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Registry.Subresources;

/// <summary>autoscaling/v1 Scale as a view of a workload's replicas.</summary>
internal static class ScaleSubresource
{
    public const string Name = "scale";

    /// <summary>The Scale view of a workload.</summary>
    public static JsonObject Read(KindDefinition kind, JsonObject workload)
    {
        JsonObject metadata = [];
        foreach (string field in (string[])["name", "namespace", "uid", "resourceVersion", "creationTimestamp"])
        {
            if (workload.At("metadata", field) is { } value)
            {
                metadata[field] = value.DeepClone();
            }
        }

        (long? replicas, long? current, string selector) = kind.Custom is CustomResource { Scale: { } paths }
            ? CustomScale.Read(paths, workload)
            : (workload.Integer("spec", "replicas"), workload.Integer("status", "replicas"), Selector(workload.Object("spec", "selector")));
        var status = new JsonObject { ["replicas"] = current ?? 0 };
        if (selector.Length > 0)
        {
            status["selector"] = selector;
        }

        JsonObject spec = [];
        if (replicas is not (null or 0))
        {
            spec["replicas"] = replicas;
        }

        return new JsonObject
        {
            ["kind"] = "Scale",
            ["apiVersion"] = "autoscaling/v1",
            ["metadata"] = metadata,
            ["spec"] = spec,
            ["status"] = status,
        };
    }

    /// <summary>The workload with the scale's replicas; the scale's identity becomes the update's precondition.</summary>
    public static JsonObject Write(KindDefinition kind, JsonObject workload, JsonObject scale)
    {
        string name = workload.TextOrEmpty("metadata", "name");
        if (scale.TextOrEmpty("metadata", "name") is { Length: > 0 } given && given != name)
        {
            throw ApiErrors.BadRequest($"the name of the object ({given}) does not match the name on the URL ({name})");
        }

        long replicas = scale.Integer("spec", "replicas") ?? 0;
        if (replicas < 0)
        {
            var errors = new FieldErrors();
            errors.Invalid("spec.replicas", replicas, "must be greater than or equal to 0");
            throw ApiErrors.Invalid(kind with { Group = "autoscaling", Kind = "Scale" }, name, errors.Causes);
        }

        JsonObject metadata = workload.Ensure("metadata");
        metadata.SetCopy("resourceVersion", scale.At("metadata", "resourceVersion"));
        if (scale.TextOrEmpty("metadata", "uid") is { Length: > 0 } uid)
        {
            metadata["uid"] = uid;
        }

        SetReplicas(kind, workload, replicas);
        return workload;
    }

    /// <summary>Writes the wished-for number where the kind keeps it.</summary>
    public static void SetReplicas(KindDefinition kind, JsonObject workload, long replicas)
    {
        if (kind.Custom is CustomResource { Scale: { } paths })
        {
            CustomScale.Write(paths, workload, replicas);
        }
        else
        {
            workload.Ensure("spec")["replicas"] = replicas;
        }
    }

    /// <summary>The catalogue's Scale, for strategic merge.</summary>
    public static KindDefinition Kind(KindDefinition workload, IKindCatalogue catalogue) =>
        catalogue.FindKind("autoscaling/v1", "Scale") ?? workload with
        {
            Group = "autoscaling",
            Version = "v1",
            Kind = "Scale",
            Type = catalogue.FindType("autoscaling.v1.Scale") ?? workload.Type,
        };

    private static string Selector(JsonObject? selector)
    {
        if (selector is null)
        {
            return "";
        }

        bool isPlain = selector["matchLabels"] is null && selector["matchExpressions"] is null;
        var terms = new List<string>();
        foreach ((string key, string value) in (isPlain ? selector : selector.Object("matchLabels")).TextMap())
        {
            terms.Add($"{key}={value}");
        }

        foreach (JsonObject expression in selector.Objects("matchExpressions"))
        {
            string key = expression.TextOrEmpty("key");
            string values = string.Join(',', expression.Texts("values").Order(StringComparer.Ordinal));
            terms.Add(expression.Text("operator") switch
            {
                "In" => $"{key} in ({values})",
                "NotIn" => $"{key} notin ({values})",
                "Exists" => key,
                _ => $"!{key}",
            });
        }

        terms.Sort(StringComparer.Ordinal);
        return string.Join(',', terms);
    }
}
