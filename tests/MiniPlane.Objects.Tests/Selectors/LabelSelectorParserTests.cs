using System.Text.Json.Nodes;
using MiniPlane.Objects.Errors;
using MiniPlane.Objects.Selectors;

namespace MiniPlane.Objects.Tests.Selectors;

public sealed class LabelSelectorParserTests
{
    private static readonly Dictionary<string, string> Labels = new(StringComparer.Ordinal)
    {
        ["app"] = "web",
        ["tier"] = "front",
        ["n"] = "5",
        ["empty"] = "",
    };

    [Theory]
    [InlineData("", true)]
    [InlineData("app=web", true)]
    [InlineData("app==web,tier=front", true)]
    [InlineData("app=other", false)]
    [InlineData("app!=other", true)]
    [InlineData("missing!=x", true)]
    [InlineData("app", true)]
    [InlineData("!app", false)]
    [InlineData(" ! missing ", true)]
    [InlineData("app in (api, web)", true)]
    [InlineData("app in (api)", false)]
    [InlineData("app notin (api,db),tier", true)]
    [InlineData("missing notin (a)", true)]
    [InlineData("n>4", true)]
    [InlineData("n gt 5", false)]
    [InlineData("n<6", true)]
    [InlineData("empty=", true)]
    [InlineData("empty in (,x)", true)]
    [InlineData("in in (in)", false)]
    [InlineData("example.com/a!=b", true)]
    public void The_string_form_selects_as_kubectl_means_it(string text, bool matches)
    {
        Assert.Equal(matches, LabelSelectorParser.Parse(text).Matches(Labels));
    }

    [Theory]
    [InlineData("n inn (1)", "unable to parse requirement: found 'inn', expected: in, notin, =, ==, !=, gt, lt")]
    [InlineData("app in web", "unable to parse requirement: found 'web' expected: '('")]
    [InlineData("a=b c", "unable to parse requirement: found 'c', expected: ',' or 'end of string'")]
    [InlineData("a,", "unable to parse requirement: found '', expected: identifier after ','")]
    [InlineData(",a", "unable to parse requirement: found ',', expected: identifier")]
    [InlineData("a==)", "unable to parse requirement: found ')', expected: identifier")]
    public void A_malformed_string_is_a_bad_request(string text, string message)
    {
        ApiException refusal = Assert.Throws<ApiException>(() => LabelSelectorParser.Parse(text));

        Assert.Equal((400, message), (refusal.Code, refusal.Message));
    }

    [Fact]
    public void Keys_and_values_must_be_good_labels()
    {
        Assert.Throws<ApiException>(() => LabelSelectorParser.Parse("-a=b"));
        Assert.Throws<ApiException>(() => LabelSelectorParser.Parse("a=-b"));
        Assert.Throws<ApiException>(() => LabelSelectorParser.Parse("a>b"));
    }

    [Theory]
    [InlineData("null", false)]
    [InlineData("{}", true)]
    [InlineData("""{"matchLabels":{"app":"web"}}""", true)]
    [InlineData("""{"matchLabels":{"app":"web"},"matchExpressions":[{"key":"tier","operator":"NotIn","values":["front"]}]}""", false)]
    [InlineData("""{"matchExpressions":[{"key":"app","operator":"In","values":["a","web"]},{"key":"x","operator":"DoesNotExist"}]}""", true)]
    public void The_object_form_selects_as_workloads_mean_it(string json, bool matches)
    {
        Assert.Equal(matches, LabelSelectorParser.FromJson(JsonNode.Parse(json)).Matches(Labels));
    }
}
