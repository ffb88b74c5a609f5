using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Validation;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Quantities;

namespace MiniPlane.ApiServer.Admission.Plugins;

/// <summary>Compares what an object asks for with a limit range (plugin/pkg/admission/limitranger).</summary>
internal static class LimitChecks
{
    public static IEnumerable<string> Pod(JsonObject pod, JsonObject range)
    {
        foreach (JsonObject item in range.Objects("spec", "limits"))
        {
            string type = item.TextOrEmpty("type");
            IEnumerable<JsonObject> asked = type switch
            {
                "Container" => Containers(pod),
                "Pod" => [Sum(pod)],
                _ => [],
            };
            foreach (JsonObject resources in asked)
            {
                foreach (string problem in Problems(item, type, resources))
                {
                    yield return problem;
                }
            }
        }
    }

    public static IEnumerable<string> Claim(JsonObject claim, JsonObject range)
    {
        foreach (JsonObject item in range.Objects("spec", "limits").Where(item => item.Text("type") == "PersistentVolumeClaim"))
        {
            Quantity? asked = ResourceRules.Read(claim.At("spec", "resources", "requests", "storage"));
            if (asked < ResourceRules.Read(item.At("min", "storage")))
            {
                yield return $"minimum storage usage per PersistentVolumeClaim is {item.Text("min", "storage")}, but request is {asked}";
            }

            if (asked > ResourceRules.Read(item.At("max", "storage")))
            {
                yield return $"maximum storage usage per PersistentVolumeClaim is {item.Text("max", "storage")}, but request is {asked}";
            }
        }
    }

    private static IEnumerable<string> Problems(JsonObject item, string type, JsonObject resources)
    {
        foreach ((string name, JsonNode? node) in item.Object("min") ?? [])
        {
            if (Below(type, name, node, resources) is { } problem)
            {
                yield return problem;
            }
        }

        foreach ((string name, JsonNode? node) in item.Object("max") ?? [])
        {
            if (Above(type, name, node, resources) is { } problem)
            {
                yield return problem;
            }
        }

        foreach ((string name, JsonNode? node) in item.Object("maxLimitRequestRatio") ?? [])
        {
            if (Ratio(type, name, node, resources) is { } problem)
            {
                yield return problem;
            }
        }
    }

    private static string? Below(string type, string name, JsonNode? node, JsonObject resources)
    {
        Quantity? least = ResourceRules.Read(node);
        Quantity? request = ResourceRules.Read(resources.At("requests", name));
        Quantity? limit = ResourceRules.Read(resources.At("limits", name));
        string head = $"minimum {name} usage per {type} is {least}";
        return request is null ? $"{head}.  No request is specified"
            : request < least ? $"{head}, but request is {request}"
            : limit < least ? $"{head}, but limit is {limit}" : null;
    }

    private static string? Above(string type, string name, JsonNode? node, JsonObject resources)
    {
        Quantity? most = ResourceRules.Read(node);
        Quantity? request = ResourceRules.Read(resources.At("requests", name));
        Quantity? limit = ResourceRules.Read(resources.At("limits", name));
        string head = $"maximum {name} usage per {type} is {most}";
        return limit is null ? $"{head}.  No limit is specified"
            : limit > most ? $"{head}, but limit is {limit}"
            : request > most ? $"{head}, but request is {request}" : null;
    }

    private static string? Ratio(string type, string name, JsonNode? node, JsonObject resources)
    {
        Quantity? most = ResourceRules.Read(node);
        Quantity? request = ResourceRules.Read(resources.At("requests", name));
        Quantity? limit = ResourceRules.Read(resources.At("limits", name));
        string head = $"{name} max limit to request ratio per {type} is {most}";
        if (request is not { Sign: > 0 })
        {
            return $"{head}, but no request is specified or request is 0";
        }

        if (limit is not { Sign: > 0 })
        {
            return $"{head}, but no limit is specified or limit is 0";
        }

        double ratio = (double)limit.Value.MilliValue / request.Value.MilliValue;
        return most is { } allowed && ratio > allowed.MilliValue / 1000.0
            ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{head}, but provided ratio is {ratio:F6}")
            : null;
    }

    private static IEnumerable<JsonObject> Containers(JsonObject pod) => pod.Objects("spec", "containers")
        .Concat(pod.Objects("spec", "initContainers"))
        .Select(container => container.Object("resources") ?? []);

    /// <summary>Containers run together, init containers one after the other before them; sidecars stay.</summary>
    private static JsonObject Sum(JsonObject pod)
    {
        var sum = new JsonObject();
        foreach (string list in (string[])["requests", "limits"])
        {
            var totals = new Dictionary<string, Quantity>(StringComparer.Ordinal);
            foreach (JsonObject container in pod.Objects("spec", "containers")
                .Concat(pod.Objects("spec", "initContainers").Where(item => item.Text("restartPolicy") == "Always")))
            {
                foreach ((string name, JsonNode? node) in container.Object("resources", list) ?? [])
                {
                    Quantity value = ResourceRules.Read(node) ?? Quantity.Zero;
                    totals[name] = totals.TryGetValue(name, out Quantity total) ? total + value : value;
                }
            }

            foreach (JsonObject container in pod.Objects("spec", "initContainers").Where(item => item.Text("restartPolicy") != "Always"))
            {
                foreach ((string name, JsonNode? node) in container.Object("resources", list) ?? [])
                {
                    Quantity value = ResourceRules.Read(node) ?? Quantity.Zero;
                    totals[name] = totals.TryGetValue(name, out Quantity total) ? Quantity.Max(total, value) : value;
                }
            }

            foreach ((string name, Quantity total) in totals)
            {
                sum.Ensure(list)[name] = total.ToString();
            }
        }

        return sum;
    }
}
