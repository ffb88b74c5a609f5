using System.Buffers;

namespace MiniPlane.Store.LiteDb;

/// <summary>
/// The write-ahead log. What the engine writes is held in memory until <see cref="Commit"/>: an engine that sees a write fail in the middle
/// of a transaction ends the whole process later, by an exception in a finalizer. And LiteDB takes a transaction as whole if its last page
/// says so, while pages have no checksum: so that page must not reach the disk before the others. All pages are written without that mark
/// and synced; then the mark, one byte, is set and synced.
/// </summary>
internal sealed class LogStream(string path, long maxBytes, FileTrace? trace) : DurableStream(path, maxBytes, trace)
{
    public const int PageBytes = 8192;

    // BasePage.P_IS_CONFIRMED in LiteDB's source.
    private const int ConfirmedAt = 18;

    // Pages are appended, so what is held begins where the file ends.
    private readonly ArrayBufferWriter<byte> _held = new();

    public override long Length => base.Length + _held.WrittenCount;

    public override int Read(Span<byte> buffer)
    {
        if (Position < base.Length)
        {
            return base.Read(buffer);
        }

        ReadOnlySpan<byte> held = _held.WrittenSpan[(int)Math.Min(_held.WrittenCount, Position - base.Length)..];
        int count = Math.Min(held.Length, buffer.Length);
        held[..count].CopyTo(buffer);
        Position += count;
        return count;
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (Position != Length)
        {
            throw new InvalidOperationException("LiteDB's log is only ever appended to.");
        }

        _held.Write(buffer);
        Position += buffer.Length;
    }

    public override void Flush()
    {
    }

    public override void SetLength(long value)
    {
        _held.ResetWrittenCount();
        base.SetLength(value);
    }

    /// <summary>Makes durable what was written. After an exception the file may hold it or not; this stream is of no use any more.</summary>
    public void Commit()
    {
        long start = base.Length;
        byte[] pages = _held.WrittenSpan.ToArray();
        _held.ResetWrittenCount();
        List<int> marks = [.. Enumerable.Range(0, pages.Length / PageBytes).Select(page => (page * PageBytes) + ConfirmedAt).Where(place => pages[place] != 0)];
        if (marks.Count == 0)
        {
            throw new InvalidOperationException("LiteDB wrote no whole transaction.");
        }

        marks.ForEach(place => pages[place] = 0);
        WriteAt(start, pages);
        Sync();
        foreach (int place in marks)
        {
            WriteAt(start + place, [1]);
            Sync();
        }
    }

    /// <summary>
    /// Cuts off what no whole transaction owns: pages of one that was never confirmed would otherwise share their number with a later one.
    /// </summary>
    public void CutToWholeTransactions()
    {
        long whole = 0;
        Span<byte> mark = stackalloc byte[1];
        for (long page = 0; page + PageBytes <= Length; page += PageBytes)
        {
            Position = page + ConfirmedAt;
            if (Read(mark) == 1 && mark[0] != 0)
            {
                whole = page + PageBytes;
            }
        }

        Position = 0;
        if (whole != Length)
        {
            SetLength(whole);
        }
    }
}
