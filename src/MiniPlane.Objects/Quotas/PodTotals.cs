using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Quantities;

namespace MiniPlane.Objects.Quotas;

/// <summary>
/// What a pod asks for in all (k8s.io/component-helpers/resource): containers and sidecars together, or the largest init container with
/// the sidecars started before it, whichever is more, plus the overhead. Pure.
/// </summary>
public static class PodTotals
{
    /// <summary>A limit without a request is the request, as the API server defaults it in pods, but not in templates.</summary>
    public static IReadOnlyDictionary<string, Quantity> Requests(JsonNode? podSpec) => Total(podSpec, "requests");

    /// <summary>The overhead counts only where there is a limit at all.</summary>
    public static IReadOnlyDictionary<string, Quantity> Limits(JsonNode? podSpec) => Total(podSpec, "limits");

    private static Dictionary<string, Quantity> Total(JsonNode? podSpec, string part)
    {
        Dictionary<string, Quantity> running = new(StringComparer.Ordinal);
        Dictionary<string, Quantity> sidecars = new(StringComparer.Ordinal);
        Dictionary<string, Quantity> starting = new(StringComparer.Ordinal);
        foreach (JsonObject container in podSpec.Objects("initContainers"))
        {
            Dictionary<string, Quantity> own = Own(container, part);
            if (container.Text("restartPolicy") == "Always")
            {
                Add(sidecars, own);
                own = [];
            }

            Add(own, sidecars);
            Raise(starting, own);
        }

        foreach (JsonObject container in podSpec.Objects("containers"))
        {
            Add(running, Own(container, part));
        }

        Add(running, sidecars);
        Raise(running, starting);
        foreach ((string name, Quantity amount) in Read(podSpec.Object("overhead")))
        {
            if (part == "requests" || running.ContainsKey(name))
            {
                running[name] = running.GetValueOrDefault(name) + amount;
            }
        }

        return running;
    }

    private static Dictionary<string, Quantity> Own(JsonObject container, string part)
    {
        Dictionary<string, Quantity> own = Read(container.Object("resources", part));
        if (part == "requests")
        {
            foreach ((string name, Quantity amount) in Read(container.Object("resources", "limits")))
            {
                own.TryAdd(name, amount);
            }
        }

        return own;
    }

    private static Dictionary<string, Quantity> Read(JsonObject? amounts)
    {
        Dictionary<string, Quantity> read = new(StringComparer.Ordinal);
        foreach ((string name, JsonNode? value) in amounts ?? [])
        {
            if (value is not null && Quantity.TryParse(value.Text() ?? value.ToString(), out Quantity amount))
            {
                read[name] = amount;
            }
        }

        return read;
    }

    private static void Add(Dictionary<string, Quantity> to, Dictionary<string, Quantity> amounts)
    {
        foreach ((string name, Quantity amount) in amounts)
        {
            to[name] = to.GetValueOrDefault(name) + amount;
        }
    }

    private static void Raise(Dictionary<string, Quantity> to, Dictionary<string, Quantity> amounts)
    {
        foreach ((string name, Quantity amount) in amounts)
        {
            to[name] = Quantity.Max(to.GetValueOrDefault(name), amount);
        }
    }
}
