using System.Globalization;
using MiniPlane.Controllers.Jobs;

namespace MiniPlane.Controllers.Tests.Jobs;

public sealed class CronScheduleTests
{
    [Theory]
    [InlineData("*/15 * * * *", "2026-03-01T10:00:00Z", "2026-03-01T10:15:00Z")]
    [InlineData("0 9-17/2 * * MON-FRI", "2026-03-06T17:00:00Z", "2026-03-09T09:00:00Z")]
    [InlineData("30 4 1,15 * 5", "2026-03-02T00:00:00Z", "2026-03-06T04:30:00Z")]
    [InlineData("30 4 13 * *", "2026-03-02T00:00:00Z", "2026-03-13T04:30:00Z")]
    [InlineData("0 0 29 feb *", "2026-03-02T00:00:00Z", "2028-02-29T00:00:00Z")]
    [InlineData("@hourly", "2026-03-01T10:00:01Z", "2026-03-01T11:00:00Z")]
    [InlineData("@weekly", "2026-03-02T00:00:00Z", "2026-03-08T00:00:00Z")]
    [InlineData("@every 1h30m", "2026-03-01T10:00:00Z", "2026-03-01T11:30:00Z")]
    [InlineData("5/20 * ? * *", "2026-03-01T10:26:00Z", "2026-03-01T10:45:00Z")]
    public void The_next_time_is_cron_s(string schedule, string after, string expected)
    {
        var read = CronSchedule.Parse(schedule, TimeZoneInfo.Utc);

        Assert.Equal(At(expected), read.Next(At(after)));
    }

    [Theory]
    [InlineData("* * * *")]
    [InlineData("60 * * * *")]
    [InlineData("* * * * mun")]
    [InlineData("*/0 * * * *")]
    [InlineData("5-1 * * * *")]
    [InlineData("@sometimes")]
    [InlineData("@every soon")]
    public void What_is_no_schedule_is_refused(string schedule) =>
        Assert.Throws<FormatException>(() => CronSchedule.Parse(schedule, TimeZoneInfo.Utc));

    [Fact]
    public void A_schedule_is_read_in_its_zone_and_an_hour_that_does_not_exist_is_left_out()
    {
        TimeZoneInfo berlin = CronSchedule.FindZone("Europe/Berlin")!;
        var daily = CronSchedule.Parse("30 2 * * *", berlin);

        // On 29 March 2026 the clocks go from 2 to 3.
        Assert.Equal(At("2026-03-28T01:30:00Z"), daily.Next(At("2026-03-27T12:00:00Z")));
        Assert.Equal(At("2026-03-30T00:30:00Z"), daily.Next(At("2026-03-28T12:00:00Z")));
    }

    [Fact]
    public void A_date_that_never_comes_ends_the_search() =>
        Assert.Null(CronSchedule.Parse("0 0 31 2 *", TimeZoneInfo.Utc).Next(At("2026-03-01T00:00:00Z")));

    [Theory]
    [InlineData("* * * * *", "2026-03-01T10:00:00Z", "2026-03-01T10:00:30Z", null, null, 0)]
    [InlineData("* * * * *", "2026-03-01T10:00:00Z", "2026-03-01T10:03:30Z", null, "2026-03-01T10:03:00Z", 3)]
    [InlineData("* * * * *", "2026-03-01T10:00:00Z", "2026-03-01T20:00:00Z", null, "2026-03-01T20:00:00Z", 600)]
    [InlineData("* * * * *", "2026-03-01T10:00:00Z", "2026-03-01T20:00:00Z", 90L, "2026-03-01T20:00:00Z", 2)]
    [InlineData("0,1 8 * * *", "2026-03-01T10:00:00Z", "2026-06-01T07:00:00Z", null, "2026-05-31T08:01:00Z", null)]
    public void The_latest_missed_start_is_the_one_that_is_due(
        string schedule, string last, string now, long? deadline, string? due, int? missed)
    {
        var times = CronTimes.Of(CronSchedule.Parse(schedule, TimeZoneInfo.Utc), At(last), deadline, At(now));

        Assert.Equal(due is null ? null : At(due), times.Due);
        Assert.True(missed is null || missed == times.Missed, $"{times.Missed}");
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
