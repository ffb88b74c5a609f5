using System.Buffers;
using System.Runtime.CompilerServices;

namespace MiniPlane.Wire.Logs;

/// <summary>Reads what <see cref="LogWriter"/> wrote, also while it is being written, with the rules of kubelet's ReadLogs.</summary>
public static class LogReader
{
    private const int ChunkBytes = 32 * 1024;
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// The selected part of one run's log, in chunks. With <paramref name="hasEnded"/> the log is followed until that is true and
    /// everything written by then was read; without it reading stops at the end of what is there. A run without a log is empty.
    /// </summary>
    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(
        string podDirectory,
        string container,
        int restartCount,
        LogSelection selection,
        Func<bool>? hasEnded,
        TimeProvider time,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach ((ReadOnlyMemory<byte> chunk, _) in ReadPlacesAsync(
            podDirectory, container, restartCount, selection, hasEnded, time, cancellationToken))
        {
            yield return chunk;
        }
    }

    /// <summary>The same, with the place after each chunk: reading from there gives what comes next, and nothing twice.</summary>
    public static async IAsyncEnumerable<(ReadOnlyMemory<byte> Chunk, LogPlace Next)> ReadPlacesAsync(
        string podDirectory,
        string container,
        int restartCount,
        LogSelection selection,
        Func<bool>? hasEnded,
        TimeProvider time,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using LogCursor cursor = new(LogFiles.Directory(podDirectory, container), restartCount);
        if (selection.From is { } place)
        {
            cursor.Start(place);
        }
        else
        {
            await cursor.StartAsync(selection.TailLines, cancellationToken);
        }

        LogFormatter formatter = new(selection);
        ArrayBufferWriter<byte> chunk = new(ChunkBytes);
        while (!formatter.IsFull)
        {
            // Asked before reading: what was written before the end is then read for certain.
            bool ended = hasEnded is null || hasEnded();
            bool found;
            do
            {
                found = await cursor.ReadLinesAsync(chunk, formatter, ChunkBytes, cancellationToken);
                if (chunk.WrittenCount > 0)
                {
                    (int file, long offset) = cursor.Place;
                    yield return (chunk.WrittenSpan.ToArray(), new LogPlace(file, offset, formatter.IsInsideLine));
                    chunk.ResetWrittenCount();
                }
            }
            while (found && !formatter.IsFull);

            if (ended)
            {
                yield break;
            }

            await Task.Delay(PollInterval, time, cancellationToken);
        }
    }
}
