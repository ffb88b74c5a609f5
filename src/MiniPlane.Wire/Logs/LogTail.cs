namespace MiniPlane.Wire.Logs;

/// <summary>Finds the last lines of a file from its end, without reading the rest.</summary>
internal static class LogTail
{
    private const int BlockBytes = 64 * 1024;

    /// <summary>Where the last <paramref name="wanted"/> lines begin, and how many of them there are.</summary>
    public static async Task<(long Offset, long Lines)> FindAsync(FileStream file, long wanted, CancellationToken cancellationToken)
    {
        long end = file.Length;
        if (wanted <= 0)
        {
            return (end, 0);
        }

        byte[] block = new byte[BlockBytes];
        long lines = 0;
        for (long blockEnd = end; blockEnd > 0;)
        {
            int length = (int)Math.Min(BlockBytes, blockEnd);
            long blockStart = blockEnd - length;
            file.Position = blockStart;
            await file.ReadExactlyAsync(block.AsMemory(0, length), cancellationToken);
            for (int i = length - 1; i >= 0; i--)
            {
                // A line begins after the line end of the one before it.
                if (block[i] == '\n' && blockStart + i + 1 < end && ++lines == wanted)
                {
                    return (blockStart + i + 1, lines);
                }
            }

            blockEnd = blockStart;
        }

        return (0, end > 0 ? lines + 1 : 0);
    }
}
