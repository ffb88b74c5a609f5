using System.Buffers;

namespace MiniPlane.Wire.Logs;

/// <summary>Turns lines of the file into what the client gets: filtered by time, with or without the time, cut at the limit.</summary>
internal sealed class LogFormatter(LogSelection selection)
{
    private readonly byte[]? _since = selection.Since is { } since ? LogLine.FormatTime(since) : null;
    private long _left = selection.LimitBytes ?? long.MaxValue;
    private bool _insideLine = selection.From is { IsInsideLine: true };

    public bool IsFull => _left <= 0;

    public bool IsInsideLine => _insideLine;

    public void Write(ReadOnlySpan<byte> fileLine, IBufferWriter<byte> output)
    {
        if (!LogLine.TryParse(fileLine, out LogLine line) || (_since is not null && line.IsBefore(_since)))
        {
            return;
        }

        if (selection.Timestamps && !_insideLine)
        {
            WriteLimited(line.Time, output);
            WriteLimited(" "u8, output);
        }

        WriteLimited(line.Text, output);
        if (!line.IsPart)
        {
            WriteLimited("\n"u8, output);
        }

        _insideLine = line.IsPart;
    }

    private void WriteLimited(ReadOnlySpan<byte> bytes, IBufferWriter<byte> output)
    {
        int length = (int)Math.Min(bytes.Length, _left);
        output.Write(bytes[..length]);
        _left -= length;
    }
}
