using System.Collections.Immutable;
using System.Net;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Objects.Networking;

/// <summary>What names need to know of a Service.</summary>
public sealed record ServiceRecord
{
    public required ObjectKey Key { get; init; }

    /// <summary>Where the name leads instead (type ExternalName), without a trailing dot; null for other services.</summary>
    public string? ExternalName { get; init; }

    /// <summary>Cluster addresses; empty for a headless service, which has those of its endpoints.</summary>
    public ImmutableArray<IPAddress> ClusterAddresses { get; init; } = [];

    /// <summary>True if endpoints count before they are ready (<c>publishNotReadyAddresses</c>).</summary>
    public bool PublishesNotReady { get; init; }

    /// <summary>The service's own ports; only a service with cluster addresses answers with these.</summary>
    public ImmutableArray<PortRecord> Ports { get; init; } = [];

    public static ServiceRecord From(ObjectDocument service)
    {
        JsonObject json = service.ToJson();
        bool isExternal = json.Text("spec", "type") == "ExternalName";
        return new ServiceRecord
        {
            Key = service.Key,
            ExternalName = isExternal ? json.TextOrEmpty("spec", "externalName").TrimEnd('.') : null,
            ClusterAddresses = isExternal ? [] : ClusterAddressesOf(json),
            PublishesNotReady = json.Flag("spec", "publishNotReadyAddresses") ?? false,
            Ports = [.. json.Objects("spec", "ports").Select(PortRecord.From)],
        };
    }

    private static ImmutableArray<IPAddress> ClusterAddressesOf(JsonObject json)
    {
        IEnumerable<string> texts = json.Texts("spec", "clusterIPs");
        if (json.Text("spec", "clusterIP") is { } first)
        {
            texts = texts.Prepend(first);
        }

        return [.. texts.Distinct(StringComparer.Ordinal).Select(Addresses.Parse).OfType<IPAddress>()];
    }
}
