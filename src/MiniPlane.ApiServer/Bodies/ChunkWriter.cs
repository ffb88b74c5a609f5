using System.Buffers;
using System.IO.Pipelines;

namespace MiniPlane.ApiServer.Bodies;

/// <summary>
/// Gathers the many small pieces of a long answer and passes them on in large ones, so that its memory stays small, the client starts
/// early, and the layers below are asked a thousand times less.
/// </summary>
internal sealed class ChunkWriter(PipeWriter output) : IBufferWriter<byte>, IDisposable
{
    private const int FirstBytes = 16 * 1024;
    private const int ChunkBytes = 64 * 1024;

    // Rented while there is something in it: an idle watch holds nothing.
    private byte[] _buffer = [];
    private int _written;

    /// <summary>How much has been passed on.</summary>
    public long Sent { get; private set; }

    public bool IsEmpty => _written == 0;

    /// <summary>Time to flush.</summary>
    public bool IsFull => _written >= ChunkBytes;

    public void Advance(int count) => _written += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsMemory(_written);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsSpan(_written);
    }

    /// <summary>Sends what was gathered, and whatever the answer still holds back (its headers).</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (_written == 0)
        {
            await output.FlushAsync(cancellationToken);
            return;
        }

        Sent += _written;
        await output.WriteAsync(_buffer.AsMemory(0, _written), cancellationToken);
        Dispose();
    }

    public void Dispose()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }

        _buffer = [];
        _written = 0;
    }

    // One object may be larger than a chunk.
    private void Reserve(int size)
    {
        size = Math.Max(size, 1);
        if (_buffer.Length - _written >= size)
        {
            return;
        }

        int written = _written;
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(Math.Max(_buffer.Length * 2, written + size), FirstBytes));
        _buffer.AsSpan(0, written).CopyTo(larger);
        Dispose();
        _buffer = larger;
        _written = written;
    }
}
