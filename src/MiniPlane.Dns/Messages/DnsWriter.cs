using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Net;
using System.Text;

namespace MiniPlane.Dns.Messages;

/// <summary>
/// Writes a message of at most so many octets. Names are compressed by suffixes written before (RFC 1035 4.1.4). Records that do not
/// fit are left out: an answer or authority sets TC, an additional one is not missed (RFC 2181 9).
/// </summary>
internal sealed class DnsWriter
{
    private const int OptOctets = 11;
    private const int MaxPointer = 0x3fff;

    private readonly Dictionary<string, int> _suffixes = new(StringComparer.Ordinal);
    private byte[] _buffer = new byte[512];
    private int _position = DnsMessage.HeaderOctets;

    private DnsWriter()
    {
    }

    public static byte[] Write(DnsMessage message, int maxOctets)
    {
        var writer = new DnsWriter();
        foreach (DnsQuestion question in message.Questions)
        {
            writer.WriteName(question.Name);
            writer.WriteUInt16((ushort)question.Type);
            writer.WriteUInt16((ushort)question.Class);
        }

        int room = maxOctets - (message.Edns is null ? 0 : OptOctets);
        int answers = writer.WriteRecords(message.Answers, room);
        bool isWhole = answers == message.Answers.Length;
        int authorities = isWhole ? writer.WriteRecords(message.Authorities, room) : 0;
        isWhole &= authorities == message.Authorities.Length;
        int additionals = isWhole ? writer.WriteRecords(message.Additionals, room) : 0;
        if (message.Edns is { } edns)
        {
            writer.WriteEdns(edns, message.ResponseCode);
            additionals++;
        }

        writer.WriteHeader(message, isTruncated: message.IsTruncated || !isWhole, answers, authorities, additionals);
        return writer._buffer[..writer._position];
    }

    private void WriteHeader(DnsMessage message, bool isTruncated, int answers, int authorities, int additionals)
    {
        int flags = (message.IsResponse ? 0x8000 : 0)
            | (message.Opcode << 11)
            | (message.IsAuthoritative ? 0x0400 : 0)
            | (isTruncated ? 0x0200 : 0)
            | (message.RecursionDesired ? 0x0100 : 0)
            | (message.RecursionAvailable ? 0x0080 : 0)
            | (message.CheckingDisabled ? 0x0010 : 0)
            | ((int)message.ResponseCode & 0xf);
        Span<byte> header = _buffer;
        BinaryPrimitives.WriteUInt16BigEndian(header, message.Id);
        BinaryPrimitives.WriteUInt16BigEndian(header[2..], (ushort)flags);
        BinaryPrimitives.WriteUInt16BigEndian(header[4..], (ushort)message.Questions.Length);
        BinaryPrimitives.WriteUInt16BigEndian(header[6..], (ushort)answers);
        BinaryPrimitives.WriteUInt16BigEndian(header[8..], (ushort)authorities);
        BinaryPrimitives.WriteUInt16BigEndian(header[10..], (ushort)additionals);
    }

    /// <summary>Returns how many fitted.</summary>
    private int WriteRecords(ImmutableArray<DnsRecord> records, int maxOctets)
    {
        for (int i = 0; i < records.Length; i++)
        {
            int before = _position;
            WriteRecord(records[i]);
            if (_position > maxOctets)
            {
                // Suffixes noted in what is taken back are never used: after this only an OPT record follows.
                _position = before;
                return i;
            }
        }

        return records.Length;
    }

    private void WriteRecord(DnsRecord record)
    {
        WriteName(record.Name);
        WriteUInt16((ushort)record.Type);
        WriteUInt16((ushort)record.Class);
        WriteUInt32(record.Ttl);
        int lengthAt = _position;
        WriteUInt16(0);
        WriteData(record.Data);
        BinaryPrimitives.WriteUInt16BigEndian(_buffer.AsSpan(lengthAt), (ushort)(_position - lengthAt - 2));
    }

    private void WriteData(DnsData data)
    {
        switch (data)
        {
            case DnsData.Address address:
                WriteAddress(address.Value);
                break;
            case DnsData.Name name:
                WriteName(name.Value);
                break;
            case DnsData.Service service:
                WriteUInt16(service.Priority);
                WriteUInt16(service.Weight);
                WriteUInt16(service.Port);
                WriteName(service.Target, mayCompress: false);
                break;
            case DnsData.Mail mail:
                WriteUInt16(mail.Preference);
                WriteName(mail.Exchange);
                break;
            case DnsData.Authority authority:
                WriteAuthority(authority);
                break;
            case DnsData.Text text:
                foreach (string part in text.Strings)
                {
                    WriteString(part);
                }

                break;
            case DnsData.Raw raw:
                raw.Octets.CopyTo(0, Reserve(raw.Octets.Length), _position - raw.Octets.Length, raw.Octets.Length);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(data), data, "There is no such kind of data.");
        }
    }

    private void WriteAddress(IPAddress address)
    {
        int octets = address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? 4 : 16;
        address.TryWriteBytes(Reserve(octets).AsSpan(_position - octets), out _);
    }

    private void WriteAuthority(DnsData.Authority authority)
    {
        WriteName(authority.Server);
        WriteName(authority.Mailbox);
        WriteUInt32(authority.Serial);
        WriteUInt32(authority.Refresh);
        WriteUInt32(authority.Retry);
        WriteUInt32(authority.Expire);
        WriteUInt32(authority.Minimum);
    }

    private void WriteEdns(DnsEdns edns, DnsResponseCode code)
    {
        Reserve(1)[_position - 1] = 0;
        WriteUInt16((ushort)DnsType.Opt);
        WriteUInt16(edns.UdpSize);
        WriteUInt32(((uint)code >> 4 << 24) | ((uint)edns.Version << 16) | (edns.WantsDnssec ? 0x8000u : 0));
        WriteUInt16(0);
    }

    private void WriteName(DnsName name, bool mayCompress = true)
    {
        string suffix = Suffix(name);
        foreach (string label in name.Labels)
        {
            if (mayCompress && _suffixes.TryGetValue(suffix, out int earlier))
            {
                WriteUInt16((ushort)(0xc000 | earlier));
                return;
            }

            if (_position <= MaxPointer)
            {
                _suffixes.TryAdd(suffix, _position);
            }

            WriteString(label);
            suffix = suffix[(1 + label.Length)..];
        }

        Reserve(1)[_position - 1] = 0;
    }

    /// <summary>
    /// A key that only equal names share: each label behind its length. The case counts here: a name must come back as it was
    /// asked, so only suffixes of the same spelling are shared.
    /// </summary>
    private static string Suffix(DnsName name) =>
        string.Concat(name.Labels.Select(label => (char)label.Length + label));

    private void WriteString(string octets)
    {
        byte[] buffer = Reserve(1 + octets.Length);
        buffer[_position - octets.Length - 1] = (byte)octets.Length;
        Encoding.Latin1.GetBytes(octets, buffer.AsSpan(_position - octets.Length));
    }

    private void WriteUInt16(ushort value) => BinaryPrimitives.WriteUInt16BigEndian(Reserve(2).AsSpan(_position - 2), value);

    private void WriteUInt32(uint value) => BinaryPrimitives.WriteUInt32BigEndian(Reserve(4).AsSpan(_position - 4), value);

    /// <summary>Moves the position past so many octets and returns the buffer that has room for them.</summary>
    private byte[] Reserve(int octets)
    {
        _position += octets;
        if (_position > _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Max(_position, _buffer.Length * 2));
        }

        return _buffer;
    }
}
