using System.Globalization;

namespace MiniPlane.Controllers.Jobs;

/// <summary>
/// When a CronJob is due: a standard cron expression of five fields, a word like <c>@hourly</c>, or <c>@every 1h30m</c>, read in one
/// time zone. Hours that a clock change leaves out are left out, hours that it repeats come twice. Pure.
/// </summary>
internal sealed class CronSchedule
{
    private const int LongestSearchYears = 5;
    private static readonly string[] Months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    private static readonly string[] Days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    private readonly TimeZoneInfo _zone;
    private readonly CronField _minute;
    private readonly CronField _hour;
    private readonly CronField _day;
    private readonly CronField _month;
    private readonly CronField _weekday;
    private readonly TimeSpan? _every;

    private CronSchedule(TimeZoneInfo zone, string[] fields, TimeSpan? every)
    {
        _zone = zone;
        _every = every;
        _minute = CronField.Parse(fields[0], 0, 59, []);
        _hour = CronField.Parse(fields[1], 0, 23, []);
        _day = CronField.Parse(fields[2], 1, 31, []);
        _month = CronField.Parse(fields[3], 1, 12, Months);
        _weekday = CronField.Parse(fields[4], 0, 6, Days);
    }

    /// <summary>Reads a schedule; throws FormatException with a reason when it is none.</summary>
    public static CronSchedule Parse(string text, TimeZoneInfo zone)
    {
        text = text.Trim();
        if (text.StartsWith("TZ=", StringComparison.Ordinal) || text.StartsWith("CRON_TZ=", StringComparison.Ordinal))
        {
            int space = text.IndexOf(' ', StringComparison.Ordinal);
            string name = text[(text.IndexOf('=', StringComparison.Ordinal) + 1)..(space < 0 ? text.Length : space)];
            zone = FindZone(name) ?? throw new FormatException($"provided bad location {name}");
            text = space < 0 ? "" : text[space..].Trim();
        }

        const string Every = "@every ";
        if (text.StartsWith(Every, StringComparison.Ordinal))
        {
            TimeSpan period = GoDuration.Parse(text[Every.Length..].Trim());
            return new CronSchedule(zone, ["*", "*", "*", "*", "*"], period < TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : period);
        }

        string expression = text switch
        {
            "@yearly" or "@annually" => "0 0 1 1 *",
            "@monthly" => "0 0 1 * *",
            "@weekly" => "0 0 * * 0",
            "@daily" or "@midnight" => "0 0 * * *",
            "@hourly" => "0 * * * *",
            ['@', ..] => throw new FormatException($"unrecognized descriptor: {text}"),
            _ => text,
        };
        string[] fields = expression.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return fields.Length == 5
            ? new CronSchedule(zone, fields, every: null)
            : throw new FormatException($"expected exactly 5 fields, found {fields.Length}: [{string.Join(' ', fields)}]");
    }

    /// <summary>The time zone of this name, or null.</summary>
    public static TimeZoneInfo? FindZone(string name) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(name, out TimeZoneInfo? zone) ? zone : null;

    /// <summary>A time as RFC 3339 in the schedule's zone.</summary>
    public string Local(DateTimeOffset time)
    {
        DateTimeOffset local = TimeZoneInfo.ConvertTime(time, _zone);
        return local.ToString(local.Offset == TimeSpan.Zero ? "yyyy-MM-dd'T'HH:mm:ss'Z'" : "yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);
    }

    /// <summary>The first time after <paramref name="time"/>, or null when there is none within five years.</summary>
    public DateTimeOffset? Next(DateTimeOffset time)
    {
        if (_every is { } period)
        {
            DateTimeOffset next = time + period;
            return next.AddTicks(-(next.Ticks % TimeSpan.TicksPerSecond));
        }

        DateTimeOffset at = time.ToUniversalTime();
        at = at.AddTicks(-(at.Ticks % TimeSpan.TicksPerMinute)).AddMinutes(1);
        DateTimeOffset end = at.AddYears(LongestSearchYears);
        while (at < end)
        {
            DateTimeOffset local = TimeZoneInfo.ConvertTime(at, _zone);
            if (!_month.Contains(local.Month) || !IsDay(local))
            {
                at = NextDay(at, local);
            }
            else if (!_hour.Contains(local.Hour))
            {
                at = at.AddMinutes(60 - local.Minute);
            }
            else if (!_minute.Contains(local.Minute))
            {
                at = at.AddMinutes(1);
            }
            else
            {
                return at;
            }
        }

        return null;
    }

    /// <summary>Both day fields must agree when one of them is a star, else one of them is enough (cron's old rule).</summary>
    private bool IsDay(DateTimeOffset local)
    {
        bool day = _day.Contains(local.Day);
        bool weekday = _weekday.Contains((int)local.DayOfWeek);
        return _day.IsAny || _weekday.IsAny ? day && weekday : day || weekday;
    }

    /// <summary>The first minute of the next local day, however long this one is.</summary>
    private DateTimeOffset NextDay(DateTimeOffset at, DateTimeOffset local)
    {
        DateTimeOffset next = at + (TimeSpan.FromDays(1) - local.TimeOfDay);
        DateTimeOffset there = TimeZoneInfo.ConvertTime(next, _zone);
        if (there.Date == local.Date)
        {
            return next + (TimeSpan.FromDays(1) - there.TimeOfDay);
        }

        DateTimeOffset earlier = next - there.TimeOfDay;
        return earlier > at && TimeZoneInfo.ConvertTime(earlier, _zone).Date == there.Date ? earlier : next;
    }
}
