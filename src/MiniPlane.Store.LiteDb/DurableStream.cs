using Microsoft.Win32.SafeHandles;

namespace MiniPlane.Store.LiteDb;

/// <summary>
/// A file as LiteDB must see it to be safe. It opens files itself in a way that lets two processes write to one file on Linux, and
/// syncs only what it calls a flush: so it is given streams instead, which are exclusive, and whose flush is a sync.
/// </summary>
internal class DurableStream : Stream
{
    private const int NoSpaceLeft = 28;

    private readonly FileStream _file;
    private readonly SafeFileHandle _handle;
    private readonly string _path;
    private readonly long _maxBytes;
    private readonly FileTrace? _trace;
    private long _length;

    /// <param name="path">Made (0600) when it is not there.</param>
    /// <param name="maxBytes">The file grows no further than this; zero means no limit but the disk.</param>
    /// <param name="trace">Null but in tests.</param>
    public DurableStream(string path, long maxBytes, FileTrace? trace)
    {
        _file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = 0,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        _handle = _file.SafeFileHandle;
        _length = _file.Length;
        _path = path;
        _maxBytes = maxBytes;
        _trace = trace;
    }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => true;

    public override long Length => _length;

    public override long Position { get; set; }

    public override int Read(Span<byte> buffer)
    {
        int read = RandomAccess.Read(_handle, buffer, Position);
        Position += read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        WriteAt(Position, buffer);
        Position += buffer.Length;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <summary>What is cut off is gone for good when this returns: LiteDB numbers its transactions anew in a log that was emptied.</summary>
    public override void SetLength(long value)
    {
        RandomAccess.SetLength(_handle, value);
        _length = value;
        _trace?.Truncated(_path, value);
        Sync();
    }

    public override void Flush() => Sync();

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => Position + offset,
        _ => _length + offset,
    };

    protected void Sync()
    {
        RandomAccess.FlushToDisk(_handle);
        _trace?.Synced(_path);
    }

    protected void WriteAt(long position, ReadOnlySpan<byte> bytes)
    {
        if (_maxBytes > 0 && position + bytes.Length > _maxBytes)
        {
            throw new IOException("The file may not grow further.", NoSpaceLeft);
        }

        RandomAccess.Write(_handle, bytes, position);
        _length = Math.Max(_length, position + bytes.Length);
        _trace?.Wrote(_path, position, bytes);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _file.Dispose();
        }

        base.Dispose(disposing);
    }
}
