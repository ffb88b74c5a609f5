using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using MiniPlane.Controllers.Views;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Networking;

/// <summary>One pod behind a Service: where it is reached, on which ports, and whether it may be sent to.</summary>
internal sealed record PodEndpoint
{
    public required ObjectDocument Pod { get; init; }

    public required IReadOnlyList<EndpointPort> Ports { get; init; }

    public required bool IsReady { get; init; }

    public required bool IsServing { get; init; }

    public required bool IsTerminating { get; init; }

    public required string? Hostname { get; init; }

    public string? NodeName => Pod.NodeOfPod() is { Length: > 0 } name ? name : null;

    /// <summary>Pods with the same ports can share a slice.</summary>
    public string PortKey => string.Join('|', Ports);

    /// <summary>The pod's address of a family, or null.</summary>
    public string? Address(AddressFamily family)
    {
        PodStatus status = Pod.AsPod().Status;
        return status.PodIPs.Select(address => address.Ip).Prepend(status.PodIP)
            .FirstOrDefault(text => IPAddress.TryParse(text, out IPAddress? address) && address.AddressFamily == family);
    }

    /// <summary>core.v1.ObjectReference to the pod, as endpoints carry it.</summary>
    public JsonObject Reference() => new()
    {
        ["kind"] = "Pod",
        ["namespace"] = Pod.Metadata.Namespace,
        ["name"] = Pod.Metadata.Name,
        ["uid"] = Pod.Metadata.Uid,
    };
}
