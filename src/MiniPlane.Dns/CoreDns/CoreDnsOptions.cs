using System.Net;

namespace MiniPlane.Dns.CoreDns;

/// <summary>A CoreDNS that is run beside the API server and stands in front of the cluster's own DNS.</summary>
public sealed record CoreDnsOptions
{
    /// <summary>The program.</summary>
    public required string Program { get; init; }

    /// <summary>Where its Corefile is written.</summary>
    public required string Directory { get; init; }

    public required string Zone { get; init; }

    public required IPAddress Address { get; init; }

    /// <summary>For UDP and TCP alike; 0 takes a free one, the same for as long as this process lives.</summary>
    public int Port { get; init; }

    /// <summary>The API server, which answers <c>coredns.dns.DnsService/Query</c>: host and port.</summary>
    public required string Server { get; init; }

    /// <summary>A name in the API server's certificate.</summary>
    public required string ServerName { get; init; }

    /// <summary>Certificate, key and authority (PEM files) by which CoreDNS and the API server know each other.</summary>
    public required string Certificate { get; init; }

    public required string Key { get; init; }

    public required string Authority { get; init; }

    /// <summary>As <see cref="ClusterDnsOptions.Upstreams"/>.</summary>
    public IReadOnlyList<IPEndPoint>? Upstreams { get; init; }
}
