using MiniPlane.Objects.Decoding;

namespace MiniPlane.Objects.Tests.Decoding;

public class GoDurationTests
{
    [Theory]
    [InlineData("90s", 90)]
    [InlineData("1h30m", 5400)]
    [InlineData("1.5s", 1.5)]
    [InlineData("250ms", 0.25)]
    [InlineData("0", 0)]
    [InlineData("-2m", -120)]
    public void Go_text_is_a_length_of_time(string text, double seconds) =>
        Assert.Equal(seconds, GoDuration.Parse(text)?.TotalSeconds);

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("s")]
    [InlineData("1x")]
    [InlineData("1h 2m")]
    [InlineData("9999999999999h")]
    public void Other_text_is_not(string text) => Assert.Null(GoDuration.Parse(text));
}
