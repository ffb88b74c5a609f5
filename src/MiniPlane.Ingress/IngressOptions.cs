using System.Net;

namespace MiniPlane.Ingress;

/// <summary>Where this room listens.</summary>
public sealed record IngressOptions
{
    /// <summary>The address to listen on.</summary>
    public IPAddress Address { get; init; } = IPAddress.Any;

    /// <summary>The address that others reach it by; it is written into the status of Ingresses and Services.</summary>
    public required IPAddress PublicAddress { get; init; }

    /// <summary>Port for HTTP; 0 takes a free one, null serves no Ingress at all.</summary>
    public int? HttpPort { get; init; } = 0;

    /// <summary>Port for HTTPS; 0 takes a free one.</summary>
    public int HttpsPort { get; init; }

    /// <summary>Whether Services may be given a TCP listener of their own.</summary>
    public bool ExposesServices { get; init; } = true;
}
