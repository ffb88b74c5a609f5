using System.Buffers;

namespace MiniPlane.Wire.Logs;

/// <summary>
/// Writes the log of one run of a container. Bytes come as the container wrote them; a line is written when its end arrives, when it
/// grows over the limit, or when its stream ends. Both streams may write at once. What a disk refuses is lost, never waited for.
/// </summary>
public sealed class LogWriter : IAsyncDisposable
{
    private static readonly UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _directory;
    private readonly int _restartCount;
    private readonly LogLimits _limits;
    private readonly TimeProvider _time;

    // One writer at a time, for the whole of an append.
    private readonly SemaphoreSlim _turn = new(1);
    private readonly ArrayBufferWriter<byte>[] _unfinished = [new(), new()];
    private readonly ArrayBufferWriter<byte> _lines = new();
    private FileStream _file;
    private int _segment;

    public LogWriter(string podDirectory, string container, int restartCount, LogLimits limits, TimeProvider time)
    {
        _directory = LogFiles.Directory(podDirectory, container);
        _restartCount = restartCount;
        _limits = limits;
        _time = time;
        Directory.CreateDirectory(_directory);
        IReadOnlyList<(int Number, string Path)> there = LogFiles.Segments(_directory, restartCount);
        _segment = there.Count == 0 ? 0 : there[^1].Number;
        _file = Open(_segment);
    }

    public async ValueTask WriteAsync(LogStream stream, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            Split(stream, data.Span, LogLine.FormatTime(_time.GetUtcNow()));
            await AppendAsync(cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>The stream has ended: what is left without a line end becomes a line, as containerd does.</summary>
    public async ValueTask EndAsync(LogStream stream, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            ArrayBufferWriter<byte> unfinished = _unfinished[(int)stream];
            if (unfinished.WrittenCount > 0)
            {
                Add(LogLine.FormatTime(_time.GetUtcNow()), stream, isPart: false, unfinished.WrittenSpan);
                unfinished.ResetWrittenCount();
                await AppendAsync(cancellationToken);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync(LogStream.Stdout, CancellationToken.None);
        await EndAsync(LogStream.Stderr, CancellationToken.None);
        await _file.DisposeAsync();
        _turn.Dispose();
    }

    private void Split(LogStream stream, ReadOnlySpan<byte> data, byte[] time)
    {
        ArrayBufferWriter<byte> unfinished = _unfinished[(int)stream];
        while (data.Length > 0)
        {
            int end = data.IndexOf((byte)'\n');
            int length = end < 0 ? data.Length : end;
            int room = _limits.MaxLineBytes - unfinished.WrittenCount;
            if (length > room)
            {
                unfinished.Write(data[..room]);
                Add(time, stream, isPart: true, unfinished.WrittenSpan);
                unfinished.ResetWrittenCount();
                data = data[room..];
                continue;
            }

            unfinished.Write(data[..length]);
            if (end < 0)
            {
                return;
            }

            Add(time, stream, isPart: false, unfinished.WrittenSpan);
            unfinished.ResetWrittenCount();
            data = data[(end + 1)..];
        }
    }

    private void Add(byte[] time, LogStream stream, bool isPart, ReadOnlySpan<byte> text)
    {
        _lines.Write(time);
        _lines.Write(LogLine.Tag(stream, isPart));
        _lines.Write(text);
        _lines.Write("\n"u8);
    }

    private async ValueTask AppendAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (_lines.WrittenCount > 0)
            {
                await _file.WriteAsync(_lines.WrittenMemory, cancellationToken);
                if (_file.Position >= _limits.MaxFileBytes)
                {
                    await StartNextFileAsync();
                }
            }
        }
        catch (IOException)
        {
            // A full or lost disk must not stop the container that writes: its output is dropped, as kubelet's runtimes drop it.
        }
        finally
        {
            _lines.ResetWrittenCount();
        }
    }

    private async ValueTask StartNextFileAsync()
    {
        await _file.DisposeAsync();
        _file = Open(++_segment);
        IReadOnlyList<(int Number, string Path)> there = LogFiles.Segments(_directory, _restartCount);
        foreach ((int _, string path) in there.Take(there.Count - _limits.MaxFiles))
        {
            File.Delete(path);
        }
    }

    private FileStream Open(int segment) => new(LogFiles.Segment(_directory, _restartCount, segment), new FileStreamOptions
    {
        Mode = FileMode.Append,
        Access = FileAccess.Write,
        Share = FileShare.ReadWrite | FileShare.Delete,
        BufferSize = 0,
        UnixCreateMode = OwnerOnly,
    });
}
