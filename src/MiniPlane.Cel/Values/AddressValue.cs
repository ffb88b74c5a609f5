using System.Net;
using System.Net.Sockets;

namespace MiniPlane.Cel.Values;

/// <summary>An IP address in the strict form that Kubernetes takes: no zone, no leading zeros, no IPv4 inside IPv6.</summary>
internal sealed record AddressValue(IPAddress Address) : ICelOpaque
{
    public CelKind Kind => CelKind.Ip;

    public static AddressValue? TryParse(string text)
    {
        bool isFour = text.Count(letter => letter == '.') == 3 && !text.Contains(':', StringComparison.Ordinal);
        if (isFour && text.Split('.').Any(part => part.Length is 0 or > 3 || (part.Length > 1 && part[0] == '0')))
        {
            return null;
        }

        bool isSix = text.Contains(':', StringComparison.Ordinal) && !text.Contains('%', StringComparison.Ordinal) && !text.Contains('[', StringComparison.Ordinal);
        return (isFour || isSix) && IPAddress.TryParse(text, out IPAddress? address) && !address.IsIPv4MappedToIPv6 ? new AddressValue(address) : null;
    }

    public long Family => Address.AddressFamily == AddressFamily.InterNetwork ? 4 : 6;

    public bool Equals(ICelOpaque? other) => other is AddressValue value && Equals(value);

    public override string ToString() => Address.ToString();
}
