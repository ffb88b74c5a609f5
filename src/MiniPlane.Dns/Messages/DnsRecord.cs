using System.Net;
using System.Net.Sockets;

namespace MiniPlane.Dns.Messages;

/// <summary>A resource record.</summary>
internal sealed record DnsRecord(DnsName Name, DnsType Type, DnsClass Class, uint Ttl, DnsData Data)
{
    /// <summary>A or AAAA, as the address has it.</summary>
    public static DnsRecord Address(DnsName name, uint ttl, IPAddress address) =>
        new(name, TypeOf(address), DnsClass.Internet, ttl, new DnsData.Address(address));

    public static DnsType TypeOf(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetwork ? DnsType.A : DnsType.Aaaa;
}
