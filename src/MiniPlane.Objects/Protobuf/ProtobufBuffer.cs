using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace MiniPlane.Objects.Protobuf;

/// <summary>
/// A growing buffer that protobuf messages are written to from front to back. The length of a message is put before it when it
/// ends; few are long enough that their bytes must make room for it.
/// </summary>
public sealed class ProtobufBuffer
{
    private const int Varint64 = 0;
    private const int Fixed64 = 1;
    private const int Delimited = 2;
    private const int LongestVarint = 10;

    private byte[] _bytes;
    private int _length;

    public ProtobufBuffer(int capacity = 512) => _bytes = new byte[Math.Max(capacity, 16)];

    public int Length => _length;

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, _length);

    public void Raw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Grow(bytes.Length));
        _length += bytes.Length;
    }

    public void Overwrite(int at, ReadOnlySpan<byte> bytes) => bytes.CopyTo(_bytes.AsSpan(at));

    public void Number(int field, long value)
    {
        Tag(field, Varint64);
        Varint((ulong)value);
    }

    public void Flag(int field, bool value) => Number(field, value ? 1 : 0);

    public void Double(int field, double value)
    {
        Tag(field, Fixed64);
        BinaryPrimitives.WriteDoubleLittleEndian(Grow(sizeof(double)), value);
        _length += sizeof(double);
    }

    public void Bytes(int field, ReadOnlySpan<byte> value)
    {
        Tag(field, Delimited);
        Varint((ulong)value.Length);
        Raw(value);
    }

    public void Text(int field, ReadOnlySpan<char> value)
    {
        Tag(field, Delimited);
        Varint((ulong)Encoding.UTF8.GetByteCount(value));
        _length += Encoding.UTF8.GetBytes(value, Grow(Encoding.UTF8.GetMaxByteCount(value.Length)));
    }

    /// <summary>A JSON string; its bytes are copied as they are when nothing in it is escaped.</summary>
    public void Text(int field, JsonElement value)
    {
        ReadOnlySpan<byte> quoted = JsonMarshal.GetRawUtf8Value(value);
        if (quoted.IndexOf((byte)'\\') < 0)
        {
            Bytes(field, quoted[1..^1]);
        }
        else
        {
            Text(field, value.GetString());
        }
    }

    /// <summary>Begins a message; what is written from here to <see cref="End"/> is its content.</summary>
    public int Begin(int field)
    {
        Tag(field, Delimited);
        Grow(1);
        return ++_length;
    }

    public void End(int start)
    {
        int size = _length - start;
        int extra = 0;
        for (int rest = size >> 7; rest > 0; rest >>= 7)
        {
            extra++;
        }

        if (extra > 0)
        {
            Grow(extra);
            Buffer.BlockCopy(_bytes, start, _bytes, start + extra, size);
        }

        _length = start - 1;
        Varint((ulong)size);
        _length += size;
    }

    private void Tag(int field, int wire) => Varint(((uint)field << 3) | (uint)wire);

    private void Varint(ulong value)
    {
        Span<byte> room = Grow(LongestVarint);
        int at = 0;
        while (value > 0x7f)
        {
            room[at++] = (byte)(value | 0x80);
            value >>= 7;
        }

        room[at++] = (byte)value;
        _length += at;
    }

    private Span<byte> Grow(int size)
    {
        if (_bytes.Length - _length < size)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + size));
        }

        return _bytes.AsSpan(_length);
    }
}
