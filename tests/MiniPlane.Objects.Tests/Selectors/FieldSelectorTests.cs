using MiniPlane.Objects.Errors;
using MiniPlane.Objects.Selectors;

namespace MiniPlane.Objects.Tests.Selectors;

public sealed class FieldSelectorTests
{
    [Theory]
    [InlineData("", true)]
    [InlineData("spec.nodeName=gpu", true)]
    [InlineData("spec.nodeName==gpu,status.phase!=Failed", true)]
    [InlineData("spec.nodeName!=gpu", false)]
    [InlineData("status.phase=Failed", false)]
    [InlineData("missing=", true)]
    [InlineData(@"odd=a\,b\=c\\d", true)]
    public void Fields_are_compared_as_text(string text, bool matches)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["spec.nodeName"] = "gpu",
            ["status.phase"] = "Running",
            ["odd"] = @"a,b=c\d",
        };

        Assert.Equal(matches, FieldSelector.Parse(text).Matches(field => values.GetValueOrDefault(field, "")));
    }

    [Theory]
    [InlineData("abc", "invalid selector: 'abc'; can't understand 'abc'")]
    [InlineData(@"a=b\c", @"invalid field selector: invalid escape sequence: \c")]
    public void A_malformed_selector_is_a_bad_request(string text, string message)
    {
        ApiException refusal = Assert.Throws<ApiException>(() => FieldSelector.Parse(text));

        Assert.Equal((400, message), (refusal.Code, refusal.Message));
    }
}
