using System.Buffers.Binary;
using System.Text;

namespace MiniPlane.ApiServer.Spdy;

/// <summary>
/// Writes the header blocks of one connection: one zlib stream that names the dictionary and uses stored blocks only. A server's
/// headers are a few bytes, so that compressing them would save nothing.
/// </summary>
internal sealed class SpdyHeaderWriter
{
    // CMF 0x78: deflate with a 32 KiB window. FLG 0xbb: the fastest level, a preset dictionary, and the check bits (RFC 1950).
    private static readonly byte[] ZlibHeader = [0x78, 0xbb, 0xe3, 0xc6, 0xa7, 0xc2];

    private bool _hasStarted;

    public byte[] Write(IReadOnlyList<KeyValuePair<string, string>> headers)
    {
        using var plain = new MemoryStream();
        WriteLength(plain, headers.Count);
        foreach ((string name, string value) in headers)
        {
            WriteText(plain, name);
            WriteText(plain, value);
        }

        byte[] start = _hasStarted ? [] : ZlibHeader;
        _hasStarted = true;
        // The empty block is a flush: without one a reader may hold the bytes back until the next block.
        return [.. start, .. StoredBlock.Header((int)plain.Length), .. plain.ToArray(), .. StoredBlock.Header(0)];
    }

    private static void WriteText(MemoryStream plain, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        WriteLength(plain, bytes.Length);
        plain.Write(bytes);
    }

    private static void WriteLength(MemoryStream plain, int length)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, length);
        plain.Write(bytes);
    }
}
