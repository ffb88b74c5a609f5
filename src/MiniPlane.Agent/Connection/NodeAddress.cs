using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace MiniPlane.Agent.Connection;

/// <summary>The address under which this node is reached: the one it uses towards the control plane.</summary>
internal static class NodeAddress
{
    public static string Find(IReadOnlyList<string> endpoints)
    {
        foreach (string endpoint in endpoints)
        {
            if (Towards(new Uri(endpoint)) is { } address && !IPAddress.IsLoopback(address))
            {
                return address.ToString();
            }
        }

        return FirstOfInterfaces() ?? IPAddress.Loopback.ToString();
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
