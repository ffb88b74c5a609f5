using MiniPlane.Agent.Variables;

namespace MiniPlane.Agent.Tests.Variables;

public sealed class ExpansionTests
{
    [Theory]
    [InlineData("$(A)", "one")]
    [InlineData("x$(A)y$(B)z", "xoneytwoz")]
    [InlineData("$(MISSING)", "$(MISSING)")]
    [InlineData("$$(A)", "$(A)")]
    [InlineData("$$$(A)", "$one")]
    [InlineData("$(A", "$(A")]
    [InlineData("cost $5 $", "cost $5 $")]
    [InlineData("$$", "$")]
    [InlineData("$()", "$()")]
    [InlineData("$($(A))", "$($(A))")]
    public void References_are_replaced_by_kubelets_rules(string text, string expected) =>
        Assert.Equal(expected, Expansion.Expand(text, name => name switch { "A" => "one", "B" => "two", _ => null }));
}
