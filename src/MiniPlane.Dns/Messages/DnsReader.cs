using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text;

namespace MiniPlane.Dns.Messages;

/// <summary>
/// Reads a message from octets that anyone may have sent. Every method answers false instead of throwing, reads only inside the
/// octets, and ends: a compression pointer must point before the name it is in, and a name has at most 255 octets.
/// </summary>
internal ref struct DnsReader(ReadOnlySpan<byte> octets)
{
    private const int MaxQuestions = 16;
    private const int MaxRecords = 4096;

    private readonly ReadOnlySpan<byte> _octets = octets;
    private int _position;

    /// <summary>True if all of the message is well formed.</summary>
    public static bool TryRead(ReadOnlySpan<byte> octets, out DnsMessage message)
    {
        message = new DnsMessage { Id = 0 };
        if (octets.Length < DnsMessage.HeaderOctets)
        {
            return false;
        }

        message = ReadHeader(octets);
        var reader = new DnsReader(octets) { _position = DnsMessage.HeaderOctets };
        if (!reader.TryReadQuestions(Count(octets, 4), out ImmutableArray<DnsQuestion> questions)
            || !reader.TryReadRecords(Count(octets, 6), out ImmutableArray<DnsRecord> answers, out DnsRecord? misplaced)
            || misplaced is not null
            || !reader.TryReadRecords(Count(octets, 8), out ImmutableArray<DnsRecord> authorities, out misplaced)
            || misplaced is not null
            || !reader.TryReadRecords(Count(octets, 10), out ImmutableArray<DnsRecord> additionals, out DnsRecord? opt))
        {
            return false;
        }

        message = message with
        {
            Questions = questions,
            Answers = answers,
            Authorities = authorities,
            Additionals = additionals,
            Edns = opt is null ? null : new DnsEdns((ushort)opt.Class, (byte)(opt.Ttl >> 16), (opt.Ttl & 0x8000) != 0),
            ResponseCode = (DnsResponseCode)((int)message.ResponseCode | (opt is null ? 0 : (int)(opt.Ttl >> 24) << 4)),
        };
        return true;
    }

    /// <summary>The first question, whatever follows it.</summary>
    public static bool TryReadQuestion(ReadOnlySpan<byte> octets, [NotNullWhen(true)] out DnsQuestion? question)
    {
        question = null;
        var reader = new DnsReader(octets) { _position = DnsMessage.HeaderOctets };
        if (octets.Length >= DnsMessage.HeaderOctets && Count(octets, 4) > 0
            && reader.TryReadQuestions(1, out ImmutableArray<DnsQuestion> questions))
        {
            question = questions[0];
        }

        return question is not null;
    }

    /// <summary>The header alone; there must be 12 octets.</summary>
    public static DnsMessage ReadHeader(ReadOnlySpan<byte> octets)
    {
        int flags = Count(octets, 2);
        return new DnsMessage
        {
            Id = BinaryPrimitives.ReadUInt16BigEndian(octets),
            IsResponse = (flags & 0x8000) != 0,
            Opcode = (flags >> 11) & 0xf,
            IsAuthoritative = (flags & 0x0400) != 0,
            IsTruncated = (flags & 0x0200) != 0,
            RecursionDesired = (flags & 0x0100) != 0,
            RecursionAvailable = (flags & 0x0080) != 0,
            CheckingDisabled = (flags & 0x0010) != 0,
            ResponseCode = (DnsResponseCode)(flags & 0xf),
        };
    }

    private static int Count(ReadOnlySpan<byte> octets, int at) => BinaryPrimitives.ReadUInt16BigEndian(octets[at..]);

    private bool TryReadQuestions(int count, out ImmutableArray<DnsQuestion> questions)
    {
        ImmutableArray<DnsQuestion>.Builder read = ImmutableArray.CreateBuilder<DnsQuestion>();
        questions = [];
        for (int i = 0; i < count; i++)
        {
            if (i == MaxQuestions
                || !TryReadName(out DnsName name) || !TryReadUInt16(out ushort type) || !TryReadUInt16(out ushort dnsClass))
            {
                return false;
            }

            read.Add(new DnsQuestion(name, (DnsType)type, (DnsClass)dnsClass));
        }

        questions = read.DrainToImmutable();
        return true;
    }

    private bool TryReadRecords(int count, out ImmutableArray<DnsRecord> records, out DnsRecord? opt)
    {
        ImmutableArray<DnsRecord>.Builder read = ImmutableArray.CreateBuilder<DnsRecord>();
        records = [];
        opt = null;
        for (int i = 0; i < count; i++)
        {
            if (i == MaxRecords || !TryReadRecord(out DnsRecord record))
            {
                return false;
            }

            if (record.Type != DnsType.Opt)
            {
                read.Add(record);
            }
            else if (opt is null && record.Name.Labels.IsEmpty)
            {
                opt = record;
            }
            else
            {
                // More than one OPT record, or one that is not the root's, is a format error: RFC 6891 6.1.1.
                return false;
            }
        }

        records = read.DrainToImmutable();
        return true;
    }

    private bool TryReadRecord(out DnsRecord record)
    {
        record = new DnsRecord(DnsName.Root, DnsType.A, DnsClass.Internet, 0, new DnsData.Raw([]));
        if (!TryReadName(out DnsName name) || !TryReadUInt16(out ushort type) || !TryReadUInt16(out ushort dnsClass)
            || !TryReadUInt32(out uint ttl) || !TryReadUInt16(out ushort length) || _octets.Length - _position < length)
        {
            return false;
        }

        int end = _position + length;
        if (!TryReadData((DnsType)type, end, out DnsData data) || _position != end)
        {
            return false;
        }

        record = new DnsRecord(name, (DnsType)type, (DnsClass)dnsClass, ttl, data);
        return true;
    }

    private bool TryReadData(DnsType type, int end, out DnsData data)
    {
        int length = end - _position;
        data = new DnsData.Raw([]);
        switch (type)
        {
            case DnsType.A when length == 4:
            case DnsType.Aaaa when length == 16:
                data = new DnsData.Address(new IPAddress(_octets[_position..end]));
                _position = end;
                return true;
            case DnsType.A or DnsType.Aaaa:
                return false;
            case DnsType.Cname or DnsType.Ns or DnsType.Ptr:
                bool isName = TryReadName(out DnsName value);
                data = new DnsData.Name(value);
                return isName;
            case DnsType.Srv:
                return TryReadService(out data);
            case DnsType.Mx:
                bool isMail = TryReadUInt16(out ushort preference) & TryReadName(out DnsName exchange);
                data = new DnsData.Mail(preference, exchange);
                return isMail;
            case DnsType.Soa:
                return TryReadAuthority(out data);
            case DnsType.Txt:
                return TryReadText(end, out data);
            default:
                data = new DnsData.Raw([.. _octets[_position..end]]);
                _position = end;
                return true;
        }
    }

    private bool TryReadService(out DnsData data)
    {
        bool isRead = TryReadUInt16(out ushort priority) & TryReadUInt16(out ushort weight) & TryReadUInt16(out ushort port);
        isRead &= TryReadName(out DnsName target);
        data = new DnsData.Service(priority, weight, port, target);
        return isRead;
    }

    private bool TryReadAuthority(out DnsData data)
    {
        bool isRead = TryReadName(out DnsName server) & TryReadName(out DnsName mailbox);
        isRead &= TryReadUInt32(out uint serial) & TryReadUInt32(out uint refresh) & TryReadUInt32(out uint retry);
        isRead &= TryReadUInt32(out uint expire) & TryReadUInt32(out uint minimum);
        data = new DnsData.Authority(server, mailbox, serial, refresh, retry, expire, minimum);
        return isRead;
    }

    private bool TryReadText(int end, out DnsData data)
    {
        ImmutableArray<string>.Builder strings = ImmutableArray.CreateBuilder<string>();
        data = new DnsData.Text([]);
        while (_position < end)
        {
            int length = _octets[_position++];
            if (end - _position < length)
            {
                return false;
            }

            strings.Add(Encoding.Latin1.GetString(_octets.Slice(_position, length)));
            _position += length;
        }

        data = new DnsData.Text(strings.DrainToImmutable());
        return true;
    }

    private bool TryReadName(out DnsName name)
    {
        name = DnsName.Root;
        ImmutableArray<string>.Builder labels = ImmutableArray.CreateBuilder<string>();
        int position = _position;
        int limit = _position;
        int end = -1;
        int total = 1;
        while (position < _octets.Length)
        {
            int length = _octets[position];
            if (length == 0)
            {
                _position = end < 0 ? position + 1 : end;
                name = DnsName.FromLabels(labels.DrainToImmutable()) ?? DnsName.Root;
                return true;
            }

            if (length >= 0xc0)
            {
                int target = position + 1 < _octets.Length ? ((length & 0x3f) << 8) | _octets[position + 1] : int.MaxValue;
                if (target >= limit)
                {
                    return false;
                }

                end = end < 0 ? position + 2 : end;
                limit = target;
                position = target;
                continue;
            }

            total += 1 + length;
            if (length > DnsName.MaxLabel || total > DnsName.MaxOctets || _octets.Length - position - 1 < length)
            {
                return false;
            }

            labels.Add(Encoding.Latin1.GetString(_octets.Slice(position + 1, length)));
            position += 1 + length;
        }

        return false;
    }

    private bool TryReadUInt16(out ushort value)
    {
        if (!BinaryPrimitives.TryReadUInt16BigEndian(_octets[_position..], out value))
        {
            return false;
        }

        _position += 2;
        return true;
    }

    private bool TryReadUInt32(out uint value)
    {
        if (!BinaryPrimitives.TryReadUInt32BigEndian(_octets[_position..], out value))
        {
            return false;
        }

        _position += 4;
        return true;
    }
}
