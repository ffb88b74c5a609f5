using MiniPlane.Controllers.Views;
using MiniPlane.Objects.Quantities;

namespace MiniPlane.Controllers.Scheduling;

/// <summary>
/// What a pod asks for in all, by upstream's rule: containers and sidecars together, or the largest init container with the
/// sidecars started before it, whichever is more, plus the overhead. Pure.
/// </summary>
internal static class PodRequests
{
    public static IReadOnlyDictionary<string, Quantity> Of(PodSpec pod)
    {
        Dictionary<string, Quantity> running = new(StringComparer.Ordinal);
        Dictionary<string, Quantity> sidecars = new(StringComparer.Ordinal);
        Dictionary<string, Quantity> starting = new(StringComparer.Ordinal);
        foreach (Container container in pod.InitContainers)
        {
            Dictionary<string, Quantity> own = Requests(container);
            if (container.RestartPolicy == "Always")
            {
                Add(sidecars, own);
                own = [];
            }

            Add(own, sidecars);
            Raise(starting, own);
        }

        foreach (Container container in pod.Containers)
        {
            Add(running, Requests(container));
        }

        Add(running, sidecars);
        Raise(running, starting);
        Add(running, Parse(pod.Overhead));
        return running;
    }

    private static Dictionary<string, Quantity> Requests(Container container)
    {
        // A limit without a request is the request, as the API server defaults it.
        Dictionary<string, Quantity> amounts = Parse(container.Resources?.Limits);
        foreach ((string name, Quantity amount) in Parse(container.Resources?.Requests))
        {
            amounts[name] = amount;
        }

        return amounts;
    }

    private static Dictionary<string, Quantity> Parse(IReadOnlyDictionary<string, string>? texts)
    {
        Dictionary<string, Quantity> amounts = new(StringComparer.Ordinal);
        foreach ((string name, string text) in texts ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            if (Quantity.TryParse(text, out Quantity amount))
            {
                amounts[name] = amount;
            }
        }

        return amounts;
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
