using System.Buffers;

namespace MiniPlane.Wire.Logs;

/// <summary>A place in the files of one run: goes on to the next file when one is at its end and a later one exists.</summary>
internal sealed class LogCursor(string directory, int restartCount) : IDisposable
{
    private const int BlockBytes = 64 * 1024;

    private byte[] _buffer = new byte[BlockBytes];
    private int _start;
    private int _end;
    private FileStream? _file;
    private int _segment = -1;

    /// <summary>The place of the next line.</summary>
    public (int File, long Offset) Place => (_segment, Math.Max(0, (_file?.Position ?? 0) - (_end - _start)));

    /// <summary>Goes to where an earlier reader stopped; if that file is gone by now, to the oldest after it.</summary>
    public void Start(LogPlace place)
    {
        (int Number, string? Path) segment = LogFiles.Segments(directory, restartCount).FirstOrDefault(segment => segment.Number == place.File);
        _segment = place.File;
        if (segment.Path is not null && TryOpen(segment.Path) is { } file)
        {
            file.Position = place.Offset;
            _file = file;
        }
    }

    /// <summary>Goes to the first line, or to the one that is <paramref name="tailLines"/> from the end.</summary>
    public async Task StartAsync(long? tailLines, CancellationToken cancellationToken)
    {
        IReadOnlyList<(int Number, string Path)> segments = LogFiles.Segments(directory, restartCount);
        if (tailLines is not { } wanted)
        {
            return;
        }

        for (int i = segments.Count - 1; i >= 0; i--)
        {
            if (TryOpen(segments[i].Path) is not { } file)
            {
                return;
            }

            (long offset, long lines) = await LogTail.FindAsync(file, wanted, cancellationToken);
            wanted -= lines;
            if (wanted <= 0 || i == 0)
            {
                file.Position = offset;
                (_file, _segment) = (file, segments[i].Number);
                return;
            }

            await file.DisposeAsync();
        }
    }

    /// <summary>Formats complete lines until <paramref name="enough"/> bytes are there; false at the end of what is written.</summary>
    public async ValueTask<bool> ReadLinesAsync(
        ArrayBufferWriter<byte> output, LogFormatter formatter, int enough, CancellationToken cancellationToken)
    {
        while (output.WrittenCount < enough && !formatter.IsFull)
        {
            int length = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            if (length >= 0)
            {
                formatter.Write(_buffer.AsSpan(_start, length), output);
                _start += length + 1;
                continue;
            }

            if (!await FillAsync(cancellationToken))
            {
                return false;
            }
        }

        return true;
    }

    public void Dispose() => _file?.Dispose();

    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        // Looked for before reading: a file with a successor gets no more lines, so its end is then really its end.
        (int Number, string? Path) next = LogFiles.Segments(directory, restartCount).FirstOrDefault(segment => segment.Number > _segment);
        int read = _file is null ? 0 : await _file.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        _end += read;
        return read > 0 || (next.Path is not null && await MoveToAsync(next.Number, next.Path));
    }

    private async ValueTask<bool> MoveToAsync(int segment, string path)
    {
        if (TryOpen(path) is not { } file)
        {
            return false;
        }

        if (_file is not null)
        {
            await _file.DisposeAsync();
        }

        (_file, _segment) = (file, segment);
        return true;
    }

    private static FileStream? TryOpen(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        }
        catch (FileNotFoundException)
        {
            // Removed by the writer since it was listed.
            return null;
        }
    }
}
