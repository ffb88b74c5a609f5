namespace MiniPlane.ApiServer.Outbound;

/// <summary>
/// Opens byte streams from the control plane to endpoints: webhooks, aggregated API servers, proxied pods and nodes. The default
/// connects from this host; where pods live in a network of their own, that network's dialer takes its place in the services.
/// </summary>
public interface IEndpointDialer
{
    /// <summary>
    /// A connected stream, which the caller disposes. Failures are <see cref="System.Net.Sockets.SocketException"/>,
    /// <see cref="IOException"/> or <see cref="OutboundException"/>.
    /// </summary>
    ValueTask<Stream> DialAsync(EndpointAddress address, CancellationToken cancellationToken);
}
