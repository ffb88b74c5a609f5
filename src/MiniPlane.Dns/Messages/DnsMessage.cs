using System.Collections.Immutable;

namespace MiniPlane.Dns.Messages;

/// <summary>A DNS message (RFC 1035 section 4), without its OPT record, which is <see cref="Edns"/>.</summary>
internal sealed record DnsMessage
{
    public const int HeaderOctets = 12;

    public required ushort Id { get; init; }

    public bool IsResponse { get; init; }

    /// <summary>0 is a standard query.</summary>
    public int Opcode { get; init; }

    public bool IsAuthoritative { get; init; }

    public bool IsTruncated { get; init; }

    public bool RecursionDesired { get; init; }

    public bool RecursionAvailable { get; init; }

    public bool CheckingDisabled { get; init; }

    public DnsResponseCode ResponseCode { get; init; }

    public ImmutableArray<DnsQuestion> Questions { get; init; } = [];

    public ImmutableArray<DnsRecord> Answers { get; init; } = [];

    public ImmutableArray<DnsRecord> Authorities { get; init; } = [];

    public ImmutableArray<DnsRecord> Additionals { get; init; } = [];

    public DnsEdns? Edns { get; init; }
}
