using MiniPlane.Objects.Quantities;

namespace MiniPlane.Objects.Tests.Quantities;

public sealed class QuantityTests
{
    [Theory]
    [InlineData("0", "0")]
    [InlineData("0Mi", "0")]
    [InlineData("-0", "0")]
    [InlineData("1000m", "1")]
    [InlineData("1.5", "1500m")]
    [InlineData("0.1", "100m")]
    [InlineData(".5", "500m")]
    [InlineData("1.", "1")]
    [InlineData("+7", "7")]
    [InlineData("100000", "100k")]
    [InlineData("1024Mi", "1Gi")]
    [InlineData("1500Mi", "1500Mi")]
    [InlineData("1.5Gi", "1536Mi")]
    [InlineData("0.5Gi", "512Mi")]
    [InlineData("512", "512")]
    [InlineData("1Ki", "1Ki")]
    [InlineData("0.5Ki", "512")]
    [InlineData("0.0001Ki", "102400u")]
    [InlineData("1.0005Ki", "1024512m")]
    [InlineData("1e3", "1e3")]
    [InlineData("1E3", "1e3")]
    [InlineData("12000e1", "120e3")]
    [InlineData("1.1E6", "1100e3")]
    [InlineData("1E", "1E")]
    [InlineData("2000E", "2000E")]
    [InlineData("0.1n", "1n")]
    [InlineData("-0.1n", "-1n")]
    [InlineData("1.23456789012345", "1234567891n")]
    [InlineData("16Ei", "9223372036854775807")]
    [InlineData("-3Mi", "-3Mi")]
    [InlineData("007k", "7k")]
    public void The_canonical_form_is_that_of_the_API(string text, string canonical)
    {
        Assert.Equal(canonical, Quantity.Parse(text).ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("lots")]
    [InlineData("1 Gi")]
    [InlineData(" 1")]
    [InlineData("1.1.1")]
    [InlineData("--1")]
    [InlineData(".")]
    [InlineData("Mi")]
    [InlineData("0x10")]
    public void What_is_no_number_is_refused_with_the_pattern(string text)
    {
        Assert.False(Quantity.TryParse(text, out _, out string? problem));
        Assert.Equal(Quantity.FormatMessage, problem);
    }

    [Theory]
    [InlineData("1i")]
    [InlineData("1mi")]
    [InlineData("1KiB")]
    [InlineData("1e")]
    [InlineData("1e999999999")]
    [InlineData("1K")]
    public void An_unknown_suffix_is_refused(string text)
    {
        Assert.False(Quantity.TryParse(text, out _, out string? problem));
        Assert.True(problem is Quantity.SuffixMessage or Quantity.FormatMessage);
    }

    [Fact]
    public void Equality_and_order_are_by_value()
    {
        Assert.True(Quantity.Parse("1") == Quantity.Parse("1000m"));
        Assert.True(Quantity.Parse("1Gi") > Quantity.Parse("1G"));
        Assert.Equal(Quantity.Parse("2e3").GetHashCode(), Quantity.Parse("2k").GetHashCode());
    }

    [Fact]
    public void A_sum_keeps_the_format_of_its_left_side()
    {
        Assert.Equal("1536Mi", (Quantity.Parse("1Gi") + Quantity.Parse("512Mi")).ToString());
        Assert.Equal("1100m", (Quantity.Parse("1") + Quantity.Parse("100m")).ToString());
        Assert.Equal("1Gi", (Quantity.Zero + Quantity.Parse("1Gi")).ToString());
        Assert.Equal("-500m", (Quantity.Parse("500m") - Quantity.Parse("1")).ToString());
    }

    [Fact]
    public void Whole_numbers_and_thousandths_are_rounded_up()
    {
        Assert.Equal(2, Quantity.Parse("1001m").Value);
        Assert.Equal(1, Quantity.Parse("1u").MilliValue);
        Assert.Equal(-2, Quantity.Parse("-1001m").Value);
        Assert.Equal("1m", Quantity.Parse("1u").RoundUpToMilli().ToString());
        Assert.Equal(long.MaxValue, Quantity.Parse("1e50").Value);
    }
}
