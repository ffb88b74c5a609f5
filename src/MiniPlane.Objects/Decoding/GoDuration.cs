using System.Buffers;
using System.Globalization;

namespace MiniPlane.Objects.Decoding;

/// <summary>Durations as Go writes them: <c>1h30m</c>, <c>250ms</c>, <c>1.5s</c> (time.ParseDuration).</summary>
public static class GoDuration
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    private static readonly (string Unit, double Seconds)[] Units =
        [("ns", 1e-9), ("us", 1e-6), ("µs", 1e-6), ("ms", 1e-3), ("s", 1), ("m", 60), ("h", 3600)];

    /// <summary>Null when the text is no duration.</summary>
    public static TimeSpan? Parse(string text)
    {
        ReadOnlySpan<char> rest = text;
        bool isNegative = rest.StartsWith("-");
        rest = rest.TrimStart("+-");
        if (rest.IsEmpty)
        {
            return null;
        }

        if (rest is "0")
        {
            return TimeSpan.Zero;
        }

        double seconds = 0;
        while (!rest.IsEmpty)
        {
            int digits = rest.IndexOfAnyExcept(Digits);
            if (digits <= 0 || !double.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double amount))
            {
                return null;
            }

            rest = rest[digits..];
            int end = rest.IndexOfAny(Digits);
            string unit = (end < 0 ? rest : rest[..end]).ToString();
            int known = Array.FindIndex(Units, one => one.Unit == unit);
            if (known < 0)
            {
                return null;
            }

            seconds += amount * Units[known].Seconds;
            rest = end < 0 ? [] : rest[end..];
        }

        return seconds > TimeSpan.MaxValue.TotalSeconds / 2 ? null : TimeSpan.FromSeconds(isNegative ? -seconds : seconds);
    }
}
