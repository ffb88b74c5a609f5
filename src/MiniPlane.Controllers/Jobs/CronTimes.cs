namespace MiniPlane.Controllers.Jobs;

/// <summary>
/// Which start of a CronJob is due (upstream's mostRecentScheduleTime). <see cref="Due"/> is the latest start that has not been made,
/// <see cref="Missed"/> how many there were.
/// </summary>
internal sealed record CronTimes(DateTimeOffset? Due, long Missed)
{
    private const long MostMissed = 100;

    /// <summary>More starts were missed than a short outage explains.</summary>
    public bool IsTooMany => Missed > MostMissed;

    /// <summary>
    /// Looks from the last start (or the creation) to now, but not further back than the starting deadline. A long gap is not
    /// walked through start by start.
    /// </summary>
    public static CronTimes Of(CronSchedule schedule, DateTimeOffset last, long? deadlineSeconds, DateTimeOffset now)
    {
        DateTimeOffset earliest = last;
        if (deadlineSeconds is { } seconds && now - TimeSpan.FromSeconds(Math.Min(seconds, int.MaxValue)) is var deadline && deadline > earliest)
        {
            earliest = deadline;
        }

        if (schedule.Next(earliest) is not { } first || first > now)
        {
            return new CronTimes(Due: null, 0);
        }

        if (schedule.Next(first) is not { } second || second > now)
        {
            return new CronTimes(first, 1);
        }

        double period = Math.Max(1, Math.Round((second - first).TotalSeconds));
        long missed = (long)((now - first).TotalSeconds / period) + 1;
        DateTimeOffset due = second;
        for (DateTimeOffset? at = schedule.Next(Shortly(schedule, second, period, now)); at is { } time && time <= now; at = schedule.Next(time))
        {
            due = time;
        }

        return new CronTimes(due, missed);
    }

    /// <summary>A time not long before the last start that is due: the gaps of a schedule may differ, so it is found by doubling.</summary>
    private static DateTimeOffset Shortly(CronSchedule schedule, DateTimeOffset first, double period, DateTimeOffset now)
    {
        for (double span = 2 * period; now.AddSeconds(-span) > first; span *= 2)
        {
            DateTimeOffset from = now.AddSeconds(-span);
            if (schedule.Next(from) <= now)
            {
                return from;
            }
        }

        return first;
    }
}
