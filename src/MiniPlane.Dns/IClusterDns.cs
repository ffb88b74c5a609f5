using System.Net;

namespace MiniPlane.Dns;

/// <summary>The running DNS server, for those who tell pods about it.</summary>
public interface IClusterDns
{
    /// <summary>Where it listens, UDP and TCP alike; waits until it does.</summary>
    Task<IPEndPoint> WhenListeningAsync(CancellationToken cancellationToken);
}
