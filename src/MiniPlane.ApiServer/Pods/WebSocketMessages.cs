using System.Buffers;
using System.Net.WebSockets;

namespace MiniPlane.ApiServer.Pods;

/// <summary>Whole messages from a client's WebSocket.</summary>
internal static class WebSocketMessages
{
    private const int Longest = 1024 * 1024;
    private const int Part = 4096;

    /// <summary>Puts the next message into the buffer; false when the client closes, or sends one of more than 1 MiB.</summary>
    public static async ValueTask<bool> ReceiveAsync(
        WebSocket socket, ArrayBufferWriter<byte> message, CancellationToken cancellationToken)
    {
        message.ResetWrittenCount();
        ValueWebSocketReceiveResult part;
        do
        {
            part = await socket.ReceiveAsync(message.GetMemory(Part), cancellationToken);
            message.Advance(part.Count);
            if (part.MessageType == WebSocketMessageType.Close || message.WrittenCount > Longest)
            {
                return false;
            }
        }
        while (!part.EndOfMessage);

        return true;
    }
}
