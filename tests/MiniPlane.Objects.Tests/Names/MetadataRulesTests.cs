using System.Text.Json.Nodes;
using MiniPlane.Objects.Errors;
using MiniPlane.Objects.Names;

namespace MiniPlane.Objects.Tests.Names;

public sealed class MetadataRulesTests
{
    private readonly FieldErrors _errors = new();

    [Fact]
    public void Every_bad_label_is_named()
    {
        MetadataRules.CheckLabels(new JsonObject { ["ok"] = "x", ["bad key"] = "y", ["k"] = "bad value" }, "metadata.labels", _errors);

        Assert.All(_errors.Causes, cause => Assert.Equal("metadata.labels", cause.Field));
        Assert.Equal(2, _errors.Causes.Count);
        Assert.StartsWith("Invalid value: \"bad key\": name part must consist", _errors.Causes[0].Message, StringComparison.Ordinal);
        Assert.StartsWith("Invalid value: \"bad value\": a valid label", _errors.Causes[1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Annotation_keys_may_have_capitals_but_all_together_have_a_limit()
    {
        MetadataRules.CheckAnnotations(new JsonObject { ["Example.COM/Big"] = new string('x', 256 * 1024) }, "metadata.annotations", _errors);

        Assert.Equal("Too long: may not be more than 262144 bytes", Assert.Single(_errors.Causes).Message);
    }
}
