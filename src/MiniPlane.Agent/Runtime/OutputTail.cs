using System.Text;

namespace MiniPlane.Agent.Runtime;

/// <summary>Reads a stream to its end and keeps the last of it, for messages.</summary>
internal sealed class OutputTail
{
    private const int Kept = 4096;

    private readonly Task<string> _text;

    public OutputTail(Stream stream) => _text = ReadAsync(stream);

    public Task<string> TextAsync(CancellationToken cancellationToken) => _text.WaitAsync(cancellationToken);

    private static async Task<string> ReadAsync(Stream stream)
    {
        byte[] block = new byte[Kept];
        List<byte> tail = [];
        try
        {
            int read;
            while ((read = await stream.ReadAsync(block, CancellationToken.None)) > 0)
            {
                tail.AddRange(block.AsSpan(0, read));
                if (tail.Count > Kept)
                {
                    tail.RemoveRange(0, tail.Count - Kept);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // The process is gone; what came before is kept.
        }

        return Encoding.UTF8.GetString([.. tail]).Trim();
    }
}
