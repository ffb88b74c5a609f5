using System.Globalization;
using System.Net;
using MiniPlane.Dns.Messages;

namespace MiniPlane.Dns.Zones;

/// <summary>Names under <c>in-addr.arpa</c> (RFC 1035 3.5) and <c>ip6.arpa</c> (RFC 3596 2.5).</summary>
internal static class ReverseName
{
    /// <summary>The address that the name stands for, or null.</summary>
    public static IPAddress? ToAddress(DnsName name)
    {
        string[] labels = [.. name.Labels.Select(DnsName.Lower)];
        return labels switch
        {
            [var a, var b, var c, var d, "in-addr", "arpa"] => FromDecimal([d, c, b, a]),
            [.. { Length: 32 } nibbles, "ip6", "arpa"] => FromNibbles(nibbles),
            _ => null,
        };
    }

    private static IPAddress? FromDecimal(ReadOnlySpan<string> parts)
    {
        byte[] octets = new byte[4];
        for (int i = 0; i < octets.Length; i++)
        {
            if (!byte.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out octets[i]))
            {
                return null;
            }
        }

        return new IPAddress(octets);
    }

    private static IPAddress? FromNibbles(ReadOnlySpan<string> nibbles)
    {
        byte[] octets = new byte[16];
        for (int i = 0; i < nibbles.Length; i++)
        {
            if (nibbles[i].Length != 1
                || !int.TryParse(nibbles[i], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int nibble))
            {
                return null;
            }

            octets[15 - (i / 2)] |= (byte)(i % 2 == 0 ? nibble : nibble << 4);
        }

        return new IPAddress(octets);
    }
}
