using MiniPlane.Conformance.Tests.Rig;

namespace MiniPlane.Conformance.Tests.Tour;

/// <summary>Every command of kubectl, and of helm, by both releases; the scripts beside this file say what each must print and how it must end.</summary>
public sealed class TourTests(ModelledCluster cluster) : IClassFixture<ModelledCluster>
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(8);

    [Theory]
    [InlineData("helm", Kubectl.Newest)]
    [InlineData("helm", Kubectl.Older)]
    [InlineData("create", Kubectl.Newest)]
    [InlineData("create", Kubectl.Older)]
    [InlineData("read", Kubectl.Newest)]
    [InlineData("read", Kubectl.Older)]
    [InlineData("edit", Kubectl.Newest)]
    [InlineData("edit", Kubectl.Older)]
    [InlineData("roll", Kubectl.Newest)]
    [InlineData("roll", Kubectl.Older)]
    public async Task Every_command_does_what_it_says(string tour, string release)
    {
        await using Kubectl kubectl = await cluster.NewNamespaceAsync(release);

        CommandResult result = await kubectl.TourAsync(Path.Combine(cluster.Rig.Sources, "tests/MiniPlane.Conformance.Tests/Tour", $"{tour}.sh"), Limit);

        Assert.True(result.Succeeded, result.ToString());
        Assert.Contains(" passed, 0 failed", result.Output, StringComparison.Ordinal);
    }
}
