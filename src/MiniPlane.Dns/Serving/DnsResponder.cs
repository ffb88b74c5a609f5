using System.Collections.Immutable;
using System.Diagnostics;
using MiniPlane.Dns.Forwarding;
using MiniPlane.Dns.Messages;
using MiniPlane.Dns.Zones;

namespace MiniPlane.Dns.Serving;

/// <summary>Octets in, octets out: the zone's own names from the zone, everything else from the site's resolvers.</summary>
internal sealed class DnsResponder(ZoneHolder holder, ZoneResolver resolver, Forwarder forwarder, Shuffler shuffler) : IDnsAnswers
{
    private const int PlainUdpOctets = 512;
    private const int MaxUdpOctets = 4096;
    private const int MaxTcpOctets = 65535;

    public ValueTask<byte[]?> AnswerAsync(ReadOnlyMemory<byte> query, CancellationToken cancellationToken) =>
        RespondAsync(query, isTcp: true, cancellationToken);

    /// <summary>The answer, or null if the octets deserve none (no header, or not a query).</summary>
    public async ValueTask<byte[]?> RespondAsync(
        ReadOnlyMemory<byte> request, bool isTcp, CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        byte[]? response = await ResolveAsync(request, isTcp, cancellationToken);
        DnsMetrics.Answered(response, isTcp, started);
        return response;
    }

    private async ValueTask<byte[]?> ResolveAsync(
        ReadOnlyMemory<byte> request, bool isTcp, CancellationToken cancellationToken)
    {
        if (request.Length < DnsMessage.HeaderOctets || DnsReader.ReadHeader(request.Span).IsResponse)
        {
            return null;
        }

        bool isWellFormed = DnsReader.TryRead(request.Span, out DnsMessage query);
        int room = isTcp ? MaxTcpOctets : Math.Clamp((int)(query.Edns?.UdpSize ?? 0), PlainUdpOctets, MaxUdpOctets);
        if (Refusal(query, isWellFormed) is { } refusal)
        {
            return DnsWriter.Write(Reply(query) with { ResponseCode = refusal }, room);
        }

        DnsQuestion question = query.Questions[0];
        if (question.Name.IsWithin(resolver.ZoneName))
        {
            return DnsWriter.Write(await AnswerFromZoneAsync(query, question, cancellationToken), room);
        }

        if (holder.Current is { } zone && ZoneResolver.AnswerOutside(zone, question) is { } outside)
        {
            return DnsWriter.Write(Reply(query) with { IsAuthoritative = true, Answers = shuffler.Shuffle(outside.Answers) }, room);
        }

        if (AnswerReverse(query, question) is { } reverse)
        {
            return DnsWriter.Write(reverse, room);
        }

        return await ForwardAsync(request, query, room, cancellationToken);
    }

    /// <summary>Why the query is not even looked at, or null.</summary>
    private static DnsResponseCode? Refusal(DnsMessage query, bool isWellFormed)
    {
        if (query.Opcode != 0)
        {
            return DnsResponseCode.NotImplemented;
        }

        if (!isWellFormed || query.Questions.Length != 1)
        {
            return DnsResponseCode.FormatError;
        }

        if (query.Edns is { Version: > 0 })
        {
            return DnsResponseCode.BadVersion;
        }

        DnsQuestion question = query.Questions[0];
        return question.Class is not (DnsClass.Internet or DnsClass.Any) || question.Type is DnsType.Axfr or DnsType.Ixfr
            ? DnsResponseCode.Refused
            : null;
    }

    private DnsMessage Reply(DnsMessage query) => new()
    {
        Id = query.Id,
        IsResponse = true,
        Opcode = query.Opcode,
        RecursionDesired = query.RecursionDesired,
        RecursionAvailable = forwarder.HasUpstreams,
        CheckingDisabled = query.CheckingDisabled,
        Questions = query.Questions,
        Edns = query.Edns is { } edns ? new DnsEdns(MaxUdpOctets, 0, edns.WantsDnssec) : null,
    };

    private async ValueTask<DnsMessage> AnswerFromZoneAsync(
        DnsMessage query, DnsQuestion question, CancellationToken cancellationToken)
    {
        if (holder.Current is not { } zone)
        {
            return Reply(query) with { ResponseCode = DnsResponseCode.ServerFailure };
        }

        ZoneAnswer answer = resolver.Answer(zone, question);
        DnsMessage reply = Reply(query) with
        {
            IsAuthoritative = true,
            ResponseCode = answer.Exists ? DnsResponseCode.NoError : DnsResponseCode.NameError,
            Answers = shuffler.Shuffle(answer.Answers),
            Additionals = answer.Additionals,
        };
        if (answer.ContinuesAt is { } target)
        {
            return query.RecursionDesired ? await ContinueAsync(reply, question with { Name = target }, cancellationToken) : reply;
        }

        // The SOA says how long "no" may be kept. It also follows aliases that lead to nothing (RFC 2308 2).
        bool isNegative = answer.Answers.All(
            record => record.Type == DnsType.Cname && question.Type is not (DnsType.Cname or DnsType.Any));
        return isNegative ? reply with { Authorities = [resolver.Authority(zone)] } : reply;
    }

    /// <summary>Adds what the resolvers say about the name that an alias leads to.</summary>
    private async Task<DnsMessage> ContinueAsync(DnsMessage reply, DnsQuestion question, CancellationToken cancellationToken)
    {
        var query = new DnsMessage
        {
            Id = reply.Id,
            RecursionDesired = true,
            CheckingDisabled = reply.CheckingDisabled,
            Questions = [question],
        };
        byte[]? octets = await forwarder.AskAsync(DnsWriter.Write(query, MaxTcpOctets), cancellationToken);
        return octets is not null && DnsReader.TryRead(octets, out DnsMessage answer)
            ? reply with { ResponseCode = answer.ResponseCode, Answers = [.. reply.Answers, .. answer.Answers] }
            : reply with { ResponseCode = DnsResponseCode.ServerFailure, Answers = [] };
    }

    /// <summary>The names of an address of the cluster, or null if it is none of the cluster's.</summary>
    private DnsMessage? AnswerReverse(DnsMessage query, DnsQuestion question)
    {
        if (ReverseName.ToAddress(question.Name) is not { } address || holder.Current is not { } zone)
        {
            return null;
        }

        ImmutableArray<DnsName> names = [.. resolver.NamesOf(zone, address).Distinct()];
        if (names.IsEmpty)
        {
            return null;
        }

        bool isAsked = question.Type is DnsType.Ptr or DnsType.Any;
        return Reply(query) with
        {
            IsAuthoritative = true,
            Answers = isAsked
                ? shuffler.Shuffle([.. names.Select(name => new DnsRecord(
                    question.Name, DnsType.Ptr, DnsClass.Internet, ZoneResolver.Ttl, new DnsData.Name(name)))])
                : [],
            Authorities = isAsked ? [] : [resolver.Authority(zone)],
        };
    }

    private async ValueTask<byte[]?> ForwardAsync(
        ReadOnlyMemory<byte> request, DnsMessage query, int room, CancellationToken cancellationToken)
    {
        if (!forwarder.HasUpstreams)
        {
            return DnsWriter.Write(Reply(query) with { ResponseCode = DnsResponseCode.Refused }, room);
        }

        byte[]? answer = await forwarder.AskAsync(request, cancellationToken);
        return answer switch
        {
            null => DnsWriter.Write(Reply(query) with { ResponseCode = DnsResponseCode.ServerFailure }, room),
            _ when answer.Length <= room => answer,
            _ => DnsWriter.Write(Reply(query) with { IsTruncated = true }, room),
        };
    }
}
