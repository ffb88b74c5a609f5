using System.Globalization;
using System.Text;

namespace MiniPlane.Wire.Logs;

/// <summary>
/// One line of a log file, as a container runtime writes it for a kubelet (kubelet-cri-logging): time in RFC 3339 with nanoseconds,
/// stream, F (a full line, or the last part of one) or P (more of the same line follows), text.
/// </summary>
internal readonly ref struct LogLine
{
    public const int TimeLength = 30;

    private static ReadOnlySpan<byte> StdoutFull => " stdout F "u8;

    private static ReadOnlySpan<byte> StdoutPart => " stdout P "u8;

    private static ReadOnlySpan<byte> StderrFull => " stderr F "u8;

    private static ReadOnlySpan<byte> StderrPart => " stderr P "u8;

    private LogLine(ReadOnlySpan<byte> time, bool isPart, ReadOnlySpan<byte> text)
    {
        Time = time;
        IsPart = isPart;
        Text = text;
    }

    public ReadOnlySpan<byte> Time { get; }

    public bool IsPart { get; }

    public ReadOnlySpan<byte> Text { get; }

    public static byte[] FormatTime(DateTimeOffset time) =>
        Encoding.ASCII.GetBytes(time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'00Z'", CultureInfo.InvariantCulture));

    /// <summary>What stands between time and text.</summary>
    public static ReadOnlySpan<byte> Tag(LogStream stream, bool isPart) => (stream, isPart) switch
    {
        (LogStream.Stdout, false) => StdoutFull,
        (LogStream.Stdout, true) => StdoutPart,
        (LogStream.Stderr, false) => StderrFull,
        _ => StderrPart,
    };

    /// <summary>Reads a line without its line end; false for what is not one.</summary>
    public static bool TryParse(ReadOnlySpan<byte> line, out LogLine parsed)
    {
        parsed = default;
        if (line.Length < TimeLength + StdoutFull.Length)
        {
            return false;
        }

        ReadOnlySpan<byte> rest = line[TimeLength..];
        bool isPart = rest.StartsWith(StdoutPart) || rest.StartsWith(StderrPart);
        if (!isPart && !rest.StartsWith(StdoutFull) && !rest.StartsWith(StderrFull))
        {
            return false;
        }

        parsed = new LogLine(line[..TimeLength], isPart, rest[StdoutFull.Length..]);
        return true;
    }

    /// <summary>Times of one fixed length in UTC compare as their bytes do.</summary>
    public bool IsBefore(ReadOnlySpan<byte> formattedTime) => Time.SequenceCompareTo(formattedTime) < 0;
}
