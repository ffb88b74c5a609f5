using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace MiniPlane.Workloads.Slurm;

/// <summary>Names and addresses of the host that this process runs on.</summary>
internal static class LocalHost
{
    /// <summary>The address under which other hosts reach this one: the first of an interface that has a gateway, else any.</summary>
    public static IPAddress Address => Addresses()
        .OrderByDescending(pair => pair.HasGateway)
        .Select(pair => pair.Address)
        .FirstOrDefault(address => !IPAddress.IsLoopback(address)) ?? IPAddress.Loopback;

    /// <summary>Whether one of these names or addresses is this host's.</summary>
    public static bool Is(IEnumerable<string> names) => names.Any(Is);

    private static bool Is(string name)
    {
        if (IPAddress.TryParse(name, out IPAddress? address))
        {
            return IPAddress.IsLoopback(address) || Addresses().Any(pair => pair.Address.Equals(address));
        }

        string host = Environment.MachineName;
        return name.Length > 0
            && (string.Equals(name, host, StringComparison.OrdinalIgnoreCase)
                || string.Equals(name, host.Split('.')[0], StringComparison.OrdinalIgnoreCase)
                || name == "localhost");
    }

    private static IEnumerable<(IPAddress Address, bool HasGateway)> Addresses() =>
        from nic in NetworkInterface.GetAllNetworkInterfaces()
        where nic.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown
        let properties = nic.GetIPProperties()
        from unicast in properties.UnicastAddresses
        where unicast.Address.AddressFamily == AddressFamily.InterNetwork
        select (unicast.Address, properties.GatewayAddresses.Count > 0);
}
