using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace MiniPlane.Hosting;

/// <summary>Under which addresses others reach this host, best first.</summary>
internal static class HostAddresses
{
    /// <summary>The URLs of the API server: by name, by each address of an interface that is up, by loopback last.</summary>
    public static IReadOnlyList<string> Endpoints(IPAddress bind, int port)
    {
        if (!bind.Equals(IPAddress.Any) && !bind.Equals(IPAddress.IPv6Any))
        {
            return [Url(bind.ToString(), port)];
        }

        IEnumerable<string> addresses = Interfaces().Select(address => address.ToString());
        return [.. addresses.Prepend(System.Net.Dns.GetHostName()).Append("127.0.0.1").Distinct(StringComparer.Ordinal).Select(host => Url(host, port))];
    }

    /// <summary>The API server's sockets, for the Service <c>kubernetes</c>: those others can reach, or loopback if there are none.</summary>
    public static IReadOnlyList<IPEndPoint> Sockets(IPAddress bind, int port)
    {
        IPAddress[] addresses = bind.Equals(IPAddress.Any) || bind.Equals(IPAddress.IPv6Any) ? [.. Interfaces().Distinct()] : [bind];
        return [.. addresses.DefaultIfEmpty(IPAddress.Loopback).Select(address => new IPEndPoint(address, port))];
    }

    /// <summary>The URL for programs on this host.</summary>
    public static string LocalUrl(IPAddress bind, int port) =>
        Url(bind.Equals(IPAddress.Any) || bind.Equals(IPAddress.IPv6Any) ? "127.0.0.1" : bind.ToString(), port);

    /// <summary>The URL for programs on other hosts.</summary>
    public static string PublicUrl(IPAddress bind, int port) => Url(Sockets(bind, port)[0].Address.ToString(), port);

    private static IEnumerable<IPAddress> Interfaces() => NetworkInterface.GetAllNetworkInterfaces()
        .Where(network => network.OperationalStatus == OperationalStatus.Up
            && network.NetworkInterfaceType != NetworkInterfaceType.Loopback)
        .SelectMany(network => network.GetIPProperties().UnicastAddresses)
        .Select(unicast => unicast.Address)
        .Where(address => address.AddressFamily == AddressFamily.InterNetwork);

    private static string Url(string host, int port) => string.Create(
        CultureInfo.InvariantCulture, $"https://{(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}:{port}");
}
