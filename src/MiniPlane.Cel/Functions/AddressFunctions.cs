using System.Net;
using MiniPlane.Cel.Values;

namespace MiniPlane.Cel.Functions;

/// <summary>Kubernetes' IP and CIDR libraries.</summary>
internal static class AddressFunctions
{
    public static void Add(FunctionList list)
    {
        list.Add("ip(string) IP", values => Address((string)values[0]!))
            .Add("isIP(string) bool", values => AddressValue.TryParse((string)values[0]!) is not null)
            .Add("string(IP) string", values => values[0]!.ToString())
            .Add("ip.isCanonical(string) bool", values => Address((string)values[0]!).ToString() == (string)values[0]!)
            .Add("IP.family() int", values => Of(values[0]).Family)
            .Add("IP.isUnspecified() bool", values => Is(values[0], address => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)))
            .Add("IP.isLoopback() bool", values => Is(values[0], IPAddress.IsLoopback))
            .Add("IP.isLinkLocalMulticast() bool", values => Is(values[0], address => Bytes(address) is [224, 0, 0, _] || (Bytes(address) is [0xff, var second, ..] && (second & 0x0f) == 2)))
            .Add("IP.isLinkLocalUnicast() bool", values => Is(values[0], address => address.IsIPv6LinkLocal || Bytes(address) is [169, 254, _, _]))
            .Add("IP.isGlobalUnicast() bool", values => Is(values[0], IsGlobal))
            .Add("cidr(string) CIDR", values => Network((string)values[0]!))
            .Add("isCIDR(string) bool", values => NetworkValue.TryParse((string)values[0]!) is not null)
            .Add("string(CIDR) string", values => values[0]!.ToString())
            .Add("CIDR.ip() IP", values => NetworkOf(values[0]).Address)
            .Add("CIDR.masked() CIDR", values => NetworkOf(values[0]).Masked())
            .Add("CIDR.prefixLength() int", values => (long)NetworkOf(values[0]).PrefixLength)
            .Add("CIDR.containsIP(IP) bool", values => NetworkOf(values[0]).Contains(Of(values[1])))
            .Add("CIDR.containsIP(string) bool", values => NetworkOf(values[0]).Contains(Address((string)values[1]!)))
            .Add("CIDR.containsCIDR(CIDR) bool", values => NetworkOf(values[0]).Contains(NetworkOf(values[1])))
            .Add("CIDR.containsCIDR(string) bool", values => NetworkOf(values[0]).Contains(Network((string)values[1]!)));
    }

    private static AddressValue Address(string text) => AddressValue.TryParse(text)
        ?? throw new CelException($"IP Address \"{text}\" parse error during conversion from string: ParseAddr(\"{text}\"): unable to parse IP");

    private static NetworkValue Network(string text) => NetworkValue.TryParse(text)
        ?? throw new CelException($"CIDR \"{text}\" parse error during conversion from string: netip.ParsePrefix(\"{text}\"): invalid prefix");

    private static AddressValue Of(object? value) => (AddressValue)value!;

    private static NetworkValue NetworkOf(object? value) => (NetworkValue)value!;

    private static bool Is(object? value, Func<IPAddress, bool> test) => test(Of(value).Address);

    private static byte[] Bytes(IPAddress address) => address.GetAddressBytes();

    private static bool IsGlobal(IPAddress address) =>
        !IPAddress.IsLoopback(address)
        && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any) && !address.Equals(IPAddress.Broadcast)
        && !address.IsIPv6LinkLocal && !address.IsIPv6Multicast
        && Bytes(address) is not [169, 254, _, _] and not [>= 224 and < 240, _, _, _];
}
