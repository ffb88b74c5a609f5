using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace MiniPlane.Cel.Values;

/// <summary>Timestamps and durations as text, and fields of a timestamp in a time zone.</summary>
internal static partial class CelTimes
{
    private static readonly (string Unit, double Ticks)[] Units =
    [
        ("ns", 0.01), ("us", TimeSpan.TicksPerMicrosecond), ("µs", TimeSpan.TicksPerMicrosecond), ("μs", TimeSpan.TicksPerMicrosecond),
        ("ms", TimeSpan.TicksPerMillisecond), ("s", TimeSpan.TicksPerSecond), ("m", TimeSpan.TicksPerMinute), ("h", TimeSpan.TicksPerHour),
    ];

    public static DateTimeOffset ParseTimestamp(string text) =>
        Rfc3339().IsMatch(text)
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset time)
            ? time
            : throw new CelException($"parsing time \"{text}\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"{text}\" as \"2006\"");

    /// <summary>A duration in Go's notation: <c>1h30m</c>, <c>-1.5s</c>.</summary>
    public static TimeSpan ParseDuration(string text)
    {
        string rest = text.StartsWith('-') || text.StartsWith('+') ? text[1..] : text;
        if (rest == "0")
        {
            return TimeSpan.Zero;
        }

        if (!GoDuration().IsMatch(rest))
        {
            throw new CelException($"time: invalid duration \"{text}\"");
        }

        double ticks = 0;
        foreach (Match part in Part().Matches(rest))
        {
            double unit = Array.Find(Units, pair => pair.Unit == part.Groups["unit"].Value).Ticks;
            ticks += double.Parse(part.Groups["number"].ValueSpan, CultureInfo.InvariantCulture) * unit;
        }

        if (ticks > long.MaxValue / 100d)
        {
            throw new CelException($"time: invalid duration \"{text}\"");
        }

        return TimeSpan.FromTicks((long)Math.Round(text.StartsWith('-') ? -ticks : ticks));
    }

    public static string Format(DateTimeOffset time)
    {
        string text = time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff", CultureInfo.InvariantCulture);
        return text.TrimEnd('0').TrimEnd('.') + "Z";
    }

    public static string Format(TimeSpan span) =>
        ((decimal)span.Ticks / TimeSpan.TicksPerSecond).ToString("0.#########", CultureInfo.InvariantCulture) + "s";

    public static DateTimeOffset InZone(DateTimeOffset time, string zone)
    {
        Match offset = Offset().Match(zone);
        if (offset.Success)
        {
            var shift = new TimeSpan(
                int.Parse(offset.Groups["hours"].ValueSpan, CultureInfo.InvariantCulture), int.Parse(offset.Groups["minutes"].ValueSpan, CultureInfo.InvariantCulture), 0);
            return time.ToOffset(zone.StartsWith('-') ? -shift : shift);
        }

        try
        {
            return TimeZoneInfo.ConvertTime(time, TimeZoneInfo.FindSystemTimeZoneById(zone.Length == 0 ? "UTC" : zone));
        }
        catch (Exception error) when (error is TimeZoneNotFoundException or InvalidTimeZoneException or System.Security.SecurityException)
        {
            throw new CelException($"unknown time zone {zone}", error);
        }
    }

    /// <summary>A text that a program would print for a person: 1h30m0s.</summary>
    public static string GoText(TimeSpan span)
    {
        var text = new StringBuilder();
        if (span < TimeSpan.Zero)
        {
            text.Append('-');
            span = span.Negate();
        }

        if (span.TotalHours >= 1)
        {
            text.Append(CultureInfo.InvariantCulture, $"{(long)span.TotalHours}h");
        }

        if (span.TotalMinutes >= 1)
        {
            text.Append(CultureInfo.InvariantCulture, $"{span.Minutes}m");
        }

        decimal seconds = (decimal)(span.Ticks % TimeSpan.TicksPerMinute) / TimeSpan.TicksPerSecond;
        return text.Append(seconds.ToString("0.#########", CultureInfo.InvariantCulture)).Append('s').ToString();
    }

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 250)]
    private static partial Regex Rfc3339();

    [GeneratedRegex(@"^((\d+(\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h))+$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 250)]
    private static partial Regex GoDuration();

    [GeneratedRegex(@"(?<number>\d+(\.\d*)?|\.\d+)(?<unit>ns|us|µs|μs|ms|s|m|h)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 250)]
    private static partial Regex Part();

    [GeneratedRegex(@"^[+-]?(?<hours>\d{2}):(?<minutes>\d{2})$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 250)]
    private static partial Regex Offset();
}
