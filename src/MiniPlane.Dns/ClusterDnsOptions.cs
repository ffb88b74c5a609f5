using System.Net;

namespace MiniPlane.Dns;

/// <summary>Where the DNS server listens and whom it asks for names outside the cluster.</summary>
public sealed record ClusterDnsOptions
{
    /// <summary>The cluster's domain.</summary>
    public string Zone { get; init; } = "cluster.local";

    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>For UDP and TCP alike; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>
    /// Resolvers for other names. Null means those of <c>EXTERNAL_DNS</c> in the environment (addresses with an optional port,
    /// separated by commas or spaces; HPK's setting), or else those of <c>/etc/resolv.conf</c>. Empty means none: such names are refused.
    /// </summary>
    public IReadOnlyList<IPEndPoint>? Upstreams { get; init; }

    /// <summary>How long one resolver may take for one attempt.</summary>
    public TimeSpan UpstreamTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Questions that may wait for resolvers at a time; more are answered with SERVFAIL at once.</summary>
    public int MaxForwards { get; init; } = 512;

    /// <summary>TCP connections at a time; more are closed at once.</summary>
    public int MaxConnections { get; init; } = 64;

    /// <summary>How long a TCP connection may be silent.</summary>
    public TimeSpan ConnectionIdleTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Reads <see cref="Upstreams"/> from text: addresses with an optional port, separated by commas or spaces.</summary>
    public static IReadOnlyList<IPEndPoint> ParseUpstreams(string text) => Forwarding.Upstreams.FromList(text);
}
