using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace MiniPlane.ApiServer.Spdy;

/// <summary>
/// Reads the header blocks of one connection. All of them are one zlib stream with a preset dictionary, cut by flushes, so they must
/// be read in order and none may be skipped (SPDY Protocol draft 3, section 2.6.10.1).
/// </summary>
internal sealed class SpdyHeaderReader : IDisposable
{
    private const int MostHeaders = 64;
    private const int LongestText = 8 * 1024;
    private const int ZlibHeaderLength = 2;
    private const int DictionaryIdLength = 4;
    private const byte DictionaryFlag = 0x20;

    private readonly FeedStream _compressed = new();
    private readonly DeflateStream _plain;
    private bool _hasStarted;

    public SpdyHeaderReader() => _plain = new DeflateStream(_compressed, CompressionMode.Decompress);

    /// <summary>The names (in lower case on the wire) and values of one block. A repeated name's values are joined by NUL, as sent.</summary>
    public IReadOnlyDictionary<string, string> Read(ReadOnlySpan<byte> block)
    {
        _compressed.Feed(_hasStarted ? block : SkipZlibHeader(block));
        try
        {
            if (!_hasStarted)
            {
                _hasStarted = true;
                Take(SpdyDictionary.Bytes.Length);
            }

            int count = TakeLength(MostHeaders);
            var headers = new Dictionary<string, string>(count, StringComparer.OrdinalIgnoreCase);
            for (int i = 0; i < count; i++)
            {
                string name = TakeText();
                headers[name] = TakeText();
            }

            return headers;
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException)
        {
            throw new SpdyException($"a header block cannot be read: {exception.Message}");
        }
    }

    public void Dispose() => _plain.Dispose();

    // A preset dictionary is text that the data may refer back to. Raw deflate has no such thing, but it comes to the same when
    // the text comes first as a stored block (RFC 1951, section 3.2.4) whose output is then thrown away.
    private ReadOnlySpan<byte> SkipZlibHeader(ReadOnlySpan<byte> block)
    {
        int skipped = ZlibHeaderLength + DictionaryIdLength;
        if (block.Length < skipped || (block[1] & DictionaryFlag) == 0
            || BinaryPrimitives.ReadUInt32BigEndian(block[ZlibHeaderLength..]) != SpdyDictionary.Adler32)
        {
            throw new SpdyException("the first header block does not name the SPDY/3 dictionary");
        }

        _compressed.Feed(StoredBlock.Header(SpdyDictionary.Bytes.Length));
        _compressed.Feed(SpdyDictionary.Bytes);
        return block[skipped..];
    }

    private string TakeText() => Encoding.UTF8.GetString(Take(TakeLength(LongestText)));

    private int TakeLength(int most)
    {
        int length = BinaryPrimitives.ReadInt32BigEndian(Take(sizeof(int)));
        return length >= 0 && length <= most ? length : throw new SpdyException($"a header block has a length of {length}; {most} is the most");
    }

    private byte[] Take(int count)
    {
        byte[] bytes = new byte[count];
        _plain.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>Bytes that arrive piece by piece; between the pieces reading finds nothing.</summary>
    private sealed class FeedStream : MemoryStream
    {
        public void Feed(ReadOnlySpan<byte> bytes)
        {
            if (Position == Length)
            {
                SetLength(0);
            }

            long at = Position;
            Position = Length;
            Write(bytes);
            Position = at;
        }
    }
}
