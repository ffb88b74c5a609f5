using System.Collections.Immutable;
using MiniPlane.Dns.Messages;

namespace MiniPlane.Dns.Zones;

/// <summary>
/// What the zone says to a question. No answers and an existing name is NODATA: a name also exists when only names below it do
/// (RFC 8020).
/// </summary>
internal sealed record ZoneAnswer
{
    public static readonly ZoneAnswer NoName = new() { Exists = false };
    public static readonly ZoneAnswer NoData = new() { Exists = true };

    public required bool Exists { get; init; }

    public ImmutableArray<DnsRecord> Answers { get; init; } = [];

    public ImmutableArray<DnsRecord> Additionals { get; init; } = [];

    /// <summary>A name outside the zone where the answer goes on, when the last answer is an alias for it.</summary>
    public DnsName? ContinuesAt { get; init; }

    public static ZoneAnswer Of(IEnumerable<DnsRecord> answers) => new() { Exists = true, Answers = [.. answers] };
}
