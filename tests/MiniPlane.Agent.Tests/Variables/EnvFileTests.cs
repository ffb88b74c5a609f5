using MiniPlane.Agent.Variables;

namespace MiniPlane.Agent.Tests.Variables;

public sealed class EnvFileTests
{
    [Fact]
    public void Variables_are_read_with_their_quotes_lines_and_comments()
    {
        const string Text = "# what init found\n\nA='one'\nB='two\nlines $X \"q\"' # said so\nC=plain \nD=''\nA='again'";

        IReadOnlyDictionary<string, string> made = EnvFile.Parse(Text);

        Assert.Equal(["again", "two\nlines $X \"q\"", "plain", ""], [made["A"], made["B"], made["C"], made["D"]]);
    }

    [Theory]
    [InlineData("no equals")]
    [InlineData("='x'")]
    [InlineData("A B='x'")]
    [InlineData("A='x")]
    [InlineData("A='x' y")]
    public void What_is_no_variable_is_refused(string text) => Assert.Throws<VariableException>(() => EnvFile.Parse(text));
}
