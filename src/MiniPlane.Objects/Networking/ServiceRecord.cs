using System.Collections.Immutable;
using System.Net;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Objects.Networking;

/// <summary>What names need to know of a Service.</summary>
public sealed record ServiceRecord
{
    private const string OutsideNamesAnnotation = "external-dns.alpha.kubernetes.io/hostname";

    public required ObjectKey Key { get; init; }

    /// <summary>Where the name leads instead (type ExternalName), without a trailing dot; null for other services.</summary>
    public string? ExternalName { get; init; }

    /// <summary>Cluster addresses; empty for a headless service, which has those of its endpoints.</summary>
    public ImmutableArray<IPAddress> ClusterAddresses { get; init; } = [];

    /// <summary>True if endpoints count before they are ready (<c>publishNotReadyAddresses</c>).</summary>
    public bool PublishesNotReady { get; init; }

    /// <summary>The service's own ports; only a service with cluster addresses answers with these.</summary>
    public ImmutableArray<PortRecord> Ports { get; init; } = [];

    /// <summary>Further names, in no zone of the cluster, that lead to its endpoints (external-dns' annotation); lower case, no trailing dot.</summary>
    public ImmutableArray<string> OutsideNames { get; init; } = [];

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
            OutsideNames =
            [
                .. service.Metadata.Annotations.GetValueOrDefault(OutsideNamesAnnotation, "")
                    .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                    .Select(name => name.TrimEnd('.').ToLowerInvariant()),
            ],
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
