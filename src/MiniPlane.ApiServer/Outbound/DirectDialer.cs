using System.Net;
using System.Net.Sockets;

namespace MiniPlane.ApiServer.Outbound;

/// <summary>Connects by TCP from this host.</summary>
internal sealed class DirectDialer : IEndpointDialer
{
    public async ValueTask<Stream> DialAsync(EndpointAddress address, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            EndPoint target = IPAddress.TryParse(address.Host, out IPAddress? ip)
                ? new IPEndPoint(ip, address.Port)
                : new DnsEndPoint(address.Host, address.Port);
            await socket.ConnectAsync(target, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
