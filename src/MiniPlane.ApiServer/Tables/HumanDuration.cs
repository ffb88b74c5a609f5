using System.Globalization;

namespace MiniPlane.ApiServer.Tables;

/// <summary>Ages as kubectl shows them (k8s.io/apimachinery/pkg/util/duration.HumanDuration): two units at most, fewer as they grow.</summary>
public static class HumanDuration
{
    private const int DaysPerYear = 365;

    /// <summary>The time from <paramref name="then"/> to <paramref name="now"/>, or <c>&lt;unknown&gt;</c>.</summary>
    public static string Since(DateTimeOffset? then, DateTimeOffset now) =>
        then is not { } time || time == default ? "<unknown>"
        : now == AgeMarks.Clock ? AgeMarks.Of(time)
        : Of(now - time);

    public static string Of(TimeSpan duration)
    {
        long seconds = (long)duration.TotalSeconds;
        if (seconds < -1)
        {
            return "<invalid>";
        }

        if (seconds < 0)
        {
            return "0s";
        }

        if (seconds < 60 * 2)
        {
            return Text(seconds, "s", 0, "");
        }

        long minutes = seconds / 60;
        if (minutes < 10)
        {
            return Text(minutes, "m", seconds % 60, "s");
        }

        if (minutes < 60 * 3)
        {
            return Text(minutes, "m", 0, "");
        }

        return OfHours(minutes);
    }

    private static string OfHours(long minutes)
    {
        long hours = minutes / 60;
        if (hours < 8)
        {
            return Text(hours, "h", minutes % 60, "m");
        }

        if (hours < 48)
        {
            return Text(hours, "h", 0, "");
        }

        long days = hours / 24;
        if (hours < 24 * 8)
        {
            return Text(days, "d", hours % 24, "h");
        }

        if (days < DaysPerYear * 2)
        {
            return Text(days, "d", 0, "");
        }

        return days < DaysPerYear * 8
            ? Text(days / DaysPerYear, "y", days % DaysPerYear, "d")
            : Text(days / DaysPerYear, "y", 0, "");
    }

    private static string Text(long big, string bigUnit, long small, string smallUnit) => small == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{big}{bigUnit}")
        : string.Create(CultureInfo.InvariantCulture, $"{big}{bigUnit}{small}{smallUnit}");
}
