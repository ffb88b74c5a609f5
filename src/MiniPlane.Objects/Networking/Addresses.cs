using System.Net;
using System.Net.Sockets;

namespace MiniPlane.Objects.Networking;

/// <summary>Reads addresses as the API writes them.</summary>
public static class Addresses
{
    /// <summary>
    /// The address, or null. Strict: four decimal parts or IPv6, no zone index; .NET alone would also take <c>1</c> or <c>0x7f.1</c>.
    /// </summary>
    public static IPAddress? Parse(string text)
    {
        if (!IPAddress.TryParse(text, out IPAddress? address) || text.Contains('%', StringComparison.Ordinal))
        {
            return null;
        }

        bool isPlain = address.AddressFamily == AddressFamily.InterNetworkV6 || address.ToString() == text;
        return isPlain ? address : null;
    }

    /// <summary>The label under which an endpoint without a host name is known: <c>10-0-0-1</c>, <c>2001-db8--1</c>.</summary>
    public static string ToLabel(IPAddress address) => address.ToString().Replace('.', '-').Replace(':', '-');
}
