using System.Buffers;
using System.Globalization;

namespace MiniPlane.Controllers.Jobs;

/// <summary>Go's way to write a duration: <c>1h30m</c>, <c>1.5s</c>, <c>300ms</c>. Pure.</summary>
internal static class GoDuration
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    private static readonly (string Unit, double Seconds)[] Units =
        [("ns", 1e-9), ("us", 1e-6), ("µs", 1e-6), ("ms", 1e-3), ("h", 3600), ("m", 60), ("s", 1)];

    /// <summary>Reads a positive duration; throws FormatException when it is none.</summary>
    public static TimeSpan Parse(string text)
    {
        double seconds = 0;
        ReadOnlySpan<char> rest = text;
        if (rest.IsEmpty)
        {
            throw new FormatException($"failed to parse duration {text}");
        }

        while (!rest.IsEmpty)
        {
            int digits = rest.IndexOfAnyExcept(Digits);
            if (digits <= 0
                || !double.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double amount))
            {
                throw new FormatException($"failed to parse duration {text}");
            }

            rest = rest[digits..];
            (string unit, double factor) = UnitAt(rest, text);
            seconds += amount * factor;
            rest = rest[unit.Length..];
        }

        return seconds < TimeSpan.MaxValue.TotalSeconds / 2
            ? TimeSpan.FromSeconds(seconds)
            : throw new FormatException($"failed to parse duration {text}");
    }

    private static (string Unit, double Seconds) UnitAt(ReadOnlySpan<char> rest, string text)
    {
        foreach ((string unit, double seconds) in Units)
        {
            if (rest.StartsWith(unit, StringComparison.Ordinal))
            {
                return (unit, seconds);
            }
        }

        throw new FormatException($"failed to parse duration {text}");
    }
}
