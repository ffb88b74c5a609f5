using System.Collections.Immutable;
using System.Net;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Dns.Zones;

/// <summary>What names need to know of a Pod: the addresses it has while it is not over.</summary>
internal sealed record PodRecord(ObjectKey Key, ImmutableArray<IPAddress> Addresses)
{
    public static PodRecord From(ObjectDocument pod)
    {
        if (!pod.Mentions("\"podIP"u8))
        {
            return new PodRecord(pod.Key, []);
        }

        JsonObject json = pod.ToJson();
        bool isOver = json.Text("status", "phase") is "Succeeded" or "Failed";
        IEnumerable<string> texts = json.Objects("status", "podIPs").Select(entry => entry.TextOrEmpty("ip"));
        if (json.Text("status", "podIP") is { } first)
        {
            texts = texts.Prepend(first);
        }

        return new PodRecord(
            pod.Key,
            isOver
                ? []
                : [.. texts.Distinct(StringComparer.Ordinal).Select(Objects.Networking.Addresses.Parse).OfType<IPAddress>()]);
    }
}
