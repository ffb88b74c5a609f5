using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace MiniPlane.Agent.Connection;

/// <summary>The address under which this node is reached: the one it uses towards the control plane.</summary>
internal static class NodeAddress
{
    // An address of RFC 5737, which is nobody's: the routing table is asked for the way to it, and nothing is sent.
    private static readonly Uri Elsewhere = new("http://192.0.2.1");

    public static string Find(IReadOnlyList<string> endpoints)
    {
        foreach (string endpoint in endpoints)
        {
            if (Towards(new Uri(endpoint)) is { } address && !IPAddress.IsLoopback(address))
            {
                return address.ToString();
            }
        }

        // The control plane is on this host. The interfaces are looked through where there is no way out: listing them takes the runtime
        // a tenth of an agent's start.
        return (Towards(Elsewhere) is { } outward && !IPAddress.IsLoopback(outward) ? outward.ToString() : FirstOfInterfaces())
            ?? IPAddress.Loopback.ToString();
    }

    // Connecting a datagram socket sends nothing; it only asks the routing table.
    private static IPAddress? Towards(Uri endpoint)
    {
        try
        {
            using Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(endpoint.IdnHost, endpoint.Port);
            return (socket.LocalEndPoint as IPEndPoint)?.Address;
        }
        catch (SocketException)
        {
            return null;
        }
    }

    private static string? FirstOfInterfaces() => NetworkInterface.GetAllNetworkInterfaces()
        .Where(card => card.OperationalStatus == OperationalStatus.Up && card.NetworkInterfaceType != NetworkInterfaceType.Loopback)
        .SelectMany(card => card.GetIPProperties().UnicastAddresses)
        .Select(address => address.Address)
        .FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork)?.ToString();
}
