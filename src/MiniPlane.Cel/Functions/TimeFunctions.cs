using MiniPlane.Cel.Values;

namespace MiniPlane.Cel.Functions;

/// <summary>Timestamps and durations.</summary>
internal static class TimeFunctions
{
    public static void Add(FunctionList list)
    {
        list.Add("timestamp(timestamp) timestamp", values => values[0])
            .Add("timestamp(int) timestamp", values => DateTimeOffset.FromUnixTimeSeconds((long)values[0]!))
            .Add("timestamp(string) timestamp", values => CelTimes.ParseTimestamp((string)values[0]!))
            .Add("duration(duration) duration", values => values[0])
            .Add("duration(int) duration", values => TimeSpan.FromSeconds((long)values[0]!))
            .Add("duration(string) duration", values => CelTimes.ParseDuration((string)values[0]!))
            .Add("duration.getHours() int", values => (long)((TimeSpan)values[0]!).TotalHours)
            .Add("duration.getMinutes() int", values => (long)((TimeSpan)values[0]!).TotalMinutes)
            .Add("duration.getSeconds() int", values => (long)((TimeSpan)values[0]!).TotalSeconds)
            .Add("duration.getMilliseconds() int", values => (long)((TimeSpan)values[0]!).Milliseconds);
        AddPart(list, "getFullYear", time => time.Year);
        AddPart(list, "getMonth", time => time.Month - 1);
        AddPart(list, "getDayOfYear", time => time.DayOfYear - 1);
        AddPart(list, "getDayOfMonth", time => time.Day - 1);
        AddPart(list, "getDate", time => time.Day);
        AddPart(list, "getDayOfWeek", time => (int)time.DayOfWeek);
        AddPart(list, "getHours", time => time.Hour);
        AddPart(list, "getMinutes", time => time.Minute);
        AddPart(list, "getSeconds", time => time.Second);
        AddPart(list, "getMilliseconds", time => time.Millisecond);
    }

    private static void AddPart(FunctionList list, string name, Func<DateTimeOffset, int> part) => list
        .Add($"timestamp.{name}() int", values => (long)part(((DateTimeOffset)values[0]!).ToUniversalTime()))
        .Add($"timestamp.{name}(string) int", values => (long)part(CelTimes.InZone((DateTimeOffset)values[0]!, (string)values[1]!)));
}
