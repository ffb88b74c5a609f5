using System.Collections.Immutable;
using System.Net;

namespace MiniPlane.Dns.Messages;

/// <summary>What a record says. The list of cases is closed; types that need no understanding are <see cref="Raw"/>.</summary>
internal abstract record DnsData
{
    private DnsData()
    {
    }

    /// <summary>A or AAAA.</summary>
    public sealed record Address(IPAddress Value) : DnsData;

    /// <summary>CNAME, NS or PTR.</summary>
    public sealed record Name(DnsName Value) : DnsData;

    /// <summary>RFC 2782. The target is never compressed.</summary>
    public sealed record Service(ushort Priority, ushort Weight, ushort Port, DnsName Target) : DnsData;

    public sealed record Mail(ushort Preference, DnsName Exchange) : DnsData;

    public sealed record Authority(
        DnsName Server, DnsName Mailbox, uint Serial, uint Refresh, uint Retry, uint Expire, uint Minimum) : DnsData;

    /// <summary>TXT: strings of at most 255 octets each.</summary>
    public sealed record Text(ImmutableArray<string> Strings) : DnsData;

    public sealed record Raw(ImmutableArray<byte> Octets) : DnsData;
}
