using System.Net;
using System.Net.Sockets;

namespace MiniPlane.Dns.Serving;

/// <summary>A UDP and a TCP socket on the same address and port.</summary>
internal sealed class DnsSockets : IDisposable
{
    private const int Attempts = 20;

    private DnsSockets(Socket udp, Socket tcp)
    {
        Udp = udp;
        Tcp = tcp;
    }

    public Socket Udp { get; }

    public Socket Tcp { get; }

    public IPEndPoint EndPoint => (IPEndPoint)(Udp.LocalEndPoint ?? throw new InvalidOperationException("The socket is not bound."));

    /// <summary>With port 0, a port that is free for both. Throws <see cref="SocketException"/>.</summary>
    public static DnsSockets Bind(IPAddress address, int port)
    {
        for (int attempt = 1; ; attempt++)
        {
            Socket? udp = null;
            Socket? tcp = null;
            try
            {
                udp = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
                udp.Bind(new IPEndPoint(address, port));
                tcp = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                tcp.Bind(udp.LocalEndPoint ?? new IPEndPoint(address, port));
                tcp.Listen();
                return new DnsSockets(udp, tcp);
            }
            catch (SocketException) when (port == 0 && udp is { IsBound: true } && attempt < Attempts)
            {
                udp.Dispose();
                tcp?.Dispose();
            }
            catch
            {
                udp?.Dispose();
                tcp?.Dispose();
                throw;
            }
        }
    }

    public void Dispose()
    {
        Udp.Dispose();
        Tcp.Dispose();
    }
}
