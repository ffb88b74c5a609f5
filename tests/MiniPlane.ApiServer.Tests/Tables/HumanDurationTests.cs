using MiniPlane.ApiServer.Tables;

namespace MiniPlane.ApiServer.Tests.Tables;

public sealed class HumanDurationTests
{
    [Theory]
    [InlineData(0, "0s")]
    [InlineData(119, "119s")]
    [InlineData(120, "2m")]
    [InlineData(130, "2m10s")]
    [InlineData(600, "10m")]
    [InlineData(10799, "179m")]
    [InlineData(10800, "3h")]
    [InlineData(11100, "3h5m")]
    [InlineData(28800, "8h")]
    [InlineData(172799, "47h")]
    [InlineData(172800, "2d")]
    [InlineData(180000, "2d2h")]
    [InlineData(691200, "8d")]
    [InlineData(63072000, "2y")]
    [InlineData(63158400, "2y1d")]
    [InlineData(252288000, "8y")]
    [InlineData(-5, "<invalid>")]
    public void An_age_has_two_units_at_most(long seconds, string text) =>
        Assert.Equal(text, HumanDuration.Of(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void An_unknown_time_has_an_unknown_age() => Assert.Equal("<unknown>", HumanDuration.Since(null, DateTimeOffset.UnixEpoch));
}
