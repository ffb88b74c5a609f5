using System.Buffers.Binary;

namespace MiniPlane.ApiServer.Spdy;

/// <summary>Deflate's block of bytes as they are (RFC 1951, section 3.2.4), not the last one of its stream.</summary>
internal static class StoredBlock
{
    public const int HeaderLength = 5;

    public static byte[] Header(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, ushort.MaxValue);
        byte[] header = new byte[HeaderLength];
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(1), (ushort)length);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(3), (ushort)~length);
        return header;
    }
}
