namespace MiniPlane.Objects.Loops;

/// <summary>
/// Times that users name. Kubernetes' fields count seconds in 64 bits; dates end in the year 9999, and a timer of .NET runs for 49 days
/// at most and throws, in whoever sets it, when asked for more.
/// </summary>
public static class Durations
{
    private const long LongestSeconds = 100L * 366 * 24 * 60 * 60;

    /// <summary>The longest wait for one timer; who waits longer looks again when it is over.</summary>
    public static TimeSpan LongestTimer { get; } = TimeSpan.FromDays(30);

    /// <summary>So many seconds, and never more than a hundred years, so that a date plus them is a date.</summary>
    public static TimeSpan Seconds(long seconds) => TimeSpan.FromSeconds(Math.Clamp(seconds, -LongestSeconds, LongestSeconds));

    /// <summary>The wait, or the longest that a timer can do.</summary>
    public static TimeSpan ForTimer(TimeSpan wait) => wait < LongestTimer ? wait : LongestTimer;
}
