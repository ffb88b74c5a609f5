using System.Buffers.Binary;

namespace MiniPlane.Dns.Messages;

/// <summary>Messages on a TCP connection, each behind its length (RFC 1035 4.2.2).</summary>
internal static class TcpFrame
{
    public static byte[] Wrap(ReadOnlySpan<byte> message)
    {
        byte[] frame = new byte[2 + message.Length];
        BinaryPrimitives.WriteUInt16BigEndian(frame, (ushort)message.Length);
        message.CopyTo(frame.AsSpan(2));
        return frame;
    }

    /// <summary>The next message, or null when the peer has ended.</summary>
    public static async Task<byte[]?> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        byte[] length = new byte[2];
        if (await stream.ReadAtLeastAsync(length, 2, throwOnEndOfStream: false, cancellationToken) < 2)
        {
            return null;
        }

        byte[] message = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        int read = await stream.ReadAtLeastAsync(message, message.Length, throwOnEndOfStream: false, cancellationToken);
        return read == message.Length ? message : null;
    }
}
