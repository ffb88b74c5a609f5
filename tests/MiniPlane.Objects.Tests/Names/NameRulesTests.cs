using MiniPlane.Objects.Names;

namespace MiniPlane.Objects.Tests.Names;

public sealed class NameRulesTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("a-1.b")]
    [InlineData("0")]
    public void Good_names_have_no_problem(string name)
    {
        Assert.Empty(NameRules.Dns1123Subdomain(name));
    }

    [Fact]
    public void A_bad_name_is_explained_in_the_words_of_the_API()
    {
        Assert.Equal(
            [
                "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
            ],
            NameRules.Dns1123Subdomain("Bad_Name"));
        Assert.Equal(
            [
                "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
            ],
            NameRules.Dns1123Label("a.b"));
    }

    [Theory]
    [InlineData("-a")]
    [InlineData("a-")]
    [InlineData("a..b")]
    [InlineData("")]
    [InlineData("a\n")]
    [InlineData("ä")]
    public void Names_that_are_no_host_names_are_refused(string name)
    {
        Assert.Single(NameRules.Dns1123Subdomain(name));
    }

    [Fact]
    public void A_label_is_at_most_63_and_a_subdomain_253_long()
    {
        Assert.Equal(["must be no more than 63 bytes"], NameRules.Dns1123Label(new string('a', 64)));
        Assert.Equal(["must be no more than 253 bytes"], NameRules.Dns1123Subdomain(new string('a', 254)));
        Assert.Empty(NameRules.Dns1123Label(new string('a', 63)));
    }

    [Fact]
    public void A_1035_label_starts_with_a_letter()
    {
        Assert.Empty(NameRules.Dns1035Label("a1"));
        Assert.Single(NameRules.Dns1035Label("1a"));
    }

    [Theory]
    [InlineData("app", 0)]
    [InlineData("example.com/App_1.x", 0)]
    [InlineData("a/b/c", 1)]
    [InlineData("/x", 1)]
    [InlineData("Example.com/x", 1)]
    [InlineData("example.com/", 2)]
    [InlineData("-x", 1)]
    public void Qualified_names_have_one_optional_prefix(string name, int problems)
    {
        Assert.Equal(problems, NameRules.QualifiedName(name).Count);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("v1.2_3-x", 0)]
    [InlineData("a b", 1)]
    [InlineData("-", 1)]
    public void Label_values_may_be_empty(string value, int problems)
    {
        Assert.Equal(problems, NameRules.LabelValue(value).Count);
    }

    [Theory]
    [InlineData("a.b_C-1", 0)]
    [InlineData("..", 1)]
    [InlineData("..a", 1)]
    [InlineData("a/b", 1)]
    [InlineData("", 1)]
    public void Config_keys_are_file_names(string key, int problems)
    {
        Assert.Equal(problems, NameRules.ConfigKey(key).Count);
    }

    [Theory]
    [InlineData("http", 0)]
    [InlineData("http-2", 0)]
    [InlineData("80", 1)]
    [InlineData("a--b", 1)]
    [InlineData("HTTP", 2)]
    [InlineData("averyveryverylongname", 1)]
    public void Port_names_are_short_and_have_a_letter(string name, int problems)
    {
        Assert.Equal(problems, NameRules.PortName(name).Count);
    }
}
