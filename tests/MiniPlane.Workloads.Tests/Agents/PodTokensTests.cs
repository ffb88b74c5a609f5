using MiniPlane.Wire.Agent;
using MiniPlane.Workloads.Agents;

namespace MiniPlane.Workloads.Tests.Agents;

public sealed class PodTokensTests
{
    [Fact]
    public void New_tokens_are_due_when_the_shortest_has_lived_four_fifths_of_its_life()
    {
        ServiceAccountToken[] tokens = [new() { ExpirationSeconds = 3607 }, new() { ExpirationSeconds = 600 }];

        Assert.Equal(TimeSpan.FromSeconds(480), PodTokens.LifeOf(tokens));
    }
}
