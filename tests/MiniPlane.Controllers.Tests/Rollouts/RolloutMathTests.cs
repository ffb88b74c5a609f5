using System.Text.Json;
using MiniPlane.Controllers.Rollouts;
using MiniPlane.Controllers.Views;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Tests.Rollouts;

public sealed class RolloutMathTests
{
    [Theory]
    [InlineData("\"25%\"", "\"25%\"", 10, 3, 2)]
    [InlineData("\"25%\"", "\"25%\"", 1, 1, 0)]
    [InlineData("2", "0", 5, 2, 0)]
    [InlineData("0", "0", 5, 0, 1)]
    [InlineData("\"0%\"", "\"10%\"", 3, 0, 1)]
    public void Surge_rounds_up_and_unavailable_rounds_down_but_never_both_to_0(
        string surge, string unavailable, int wanted, int expectedSurge, int expectedUnavailable)
    {
        Deployment deployment = Read(wanted, surge, unavailable);

        Assert.Equal((expectedSurge, expectedUnavailable), RolloutMath.Limits(deployment));
    }

    [Theory]
    [InlineData(10, 0, 0, 10)]
    [InlineData(10, 10, 0, 3)]
    [InlineData(10, 13, 3, 3)]
    [InlineData(10, 11, 9, 10)]
    public void The_new_replica_set_grows_as_far_as_the_surge_allows(int wanted, int total, int size, int expected)
    {
        Assert.Equal(expected, RolloutMath.NewSize(Read(wanted, "\"25%\"", "\"25%\""), total, size));
    }

    [Fact]
    public void Scaling_in_the_middle_of_a_rollout_gives_each_its_share()
    {
        Deployment deployment = Read(20, "0", "5");
        OwnedReplicaSet[] sets = [Set("old", 6, 10), Set("new", 4, 10)];

        IReadOnlyList<(OwnedReplicaSet Set, int Size)> sizes = RolloutMath.Proportional(deployment, sets);

        Assert.Equal([("old", 12), ("new", 8)], sizes.Select(entry => (entry.Set.Name, entry.Size)));
    }

    [Fact]
    public void What_rounding_leaves_over_goes_to_the_largest()
    {
        Deployment deployment = Read(11, "0", "5");
        OwnedReplicaSet[] sets = [Set("a", 5, 10), Set("b", 5, 10)];

        Assert.Equal(11, RolloutMath.Proportional(deployment, sets).Sum(entry => entry.Size));
    }

    private static Deployment Read(int wanted, string surge, string unavailable) => JsonSerializer.Deserialize(
        $$"""{ "spec": { "replicas": {{wanted}}, "strategy": { "type": "RollingUpdate", "rollingUpdate": { "maxSurge": {{surge}}, "maxUnavailable": {{unavailable}} } } } }""",
        ViewContext.Default.Deployment)!;

    private static OwnedReplicaSet Set(string name, int wanted, int max) => new(DraftDocument.From(Make.Json(
        $$"""
        { "metadata": { "name": "{{name}}", "namespace": "default", "uid": "{{name}}", "creationTimestamp": "2026-01-01T00:00:00Z",
            "annotations": { "deployment.kubernetes.io/max-replicas": "{{max}}" } },
          "spec": { "replicas": {{wanted}} } }
        """)).Stamp(1));
}
