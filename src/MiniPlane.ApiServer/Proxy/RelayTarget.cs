using MiniPlane.ApiServer.Outbound;

namespace MiniPlane.ApiServer.Proxy;

/// <summary>Where a relayed request goes, and how.</summary>
internal sealed record RelayTarget(Uri Url, bool IsService, OutboundTrust Trust)
{
    /// <summary>Added to the request: who asks, for a server that trusts this one.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>The path at which this server serves the other's root, for redirects; null leaves them alone.</summary>
    public string? LocationPrefix { get; init; }
}
