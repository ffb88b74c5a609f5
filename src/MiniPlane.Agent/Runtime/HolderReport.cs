using System.Buffers;
using System.Text;

namespace MiniPlane.Agent.Runtime;

/// <summary>What a holder (<see cref="HolderProgram"/>) says when its container is open.</summary>
internal sealed class HolderReport
{
    private const int BlockBytes = 8 * 1024;

    private HolderReport(bool isBound, Task<string> accounts)
    {
        IsBound = isBound;
        Accounts = accounts;
    }

    /// <summary>Whether everything below /dev is where it belongs.</summary>
    public bool IsBound { get; }

    /// <summary>The container's /etc/passwd; empty when it has none. It comes at once after the first byte.</summary>
    public Task<string> Accounts { get; }

    /// <summary>Waits for the first byte; null when the stream ends without one.</summary>
    public static async ValueTask<HolderReport?> ReadAsync(Stream output, CancellationToken cancellationToken)
    {
        byte[] block = new byte[BlockBytes];
        int read = await output.ReadAsync(block, cancellationToken);
        return read == 0 ? null : new HolderReport(block[0] != HolderProgram.Unbound, ReadAccountsAsync(output, block, read));
    }

    private static async Task<string> ReadAccountsAsync(Stream output, byte[] block, int read)
    {
        ArrayBufferWriter<byte> text = new(BlockBytes);
        int from = 1;
        try
        {
            while (read > 0)
            {
                int end = block.AsSpan(from, read - from).IndexOf((byte)0);
                text.Write(block.AsSpan(from, end < 0 ? read - from : end));
                if (end >= 0)
                {
                    break;
                }

                from = 0;
                read = await output.ReadAsync(block, CancellationToken.None);
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // The container is closed before anybody asked.
        }

        return Encoding.UTF8.GetString(text.WrittenSpan);
    }
}
