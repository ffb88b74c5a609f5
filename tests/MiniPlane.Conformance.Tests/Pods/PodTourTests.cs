using MiniPlane.Conformance.Tests.Rig;

namespace MiniPlane.Conformance.Tests.Pods;

/// <summary>The commands that reach into a running pod, by both releases of kubectl; the others' tours need no pod that runs (TourTests).</summary>
[Collection(ClusterCollection.Name)]
public sealed class PodTourTests(Cluster cluster)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task Every_command_that_reaches_into_a_pod_does_what_it_says() =>
        await Task.WhenAll(TourAsync(Kubectl.Newest), TourAsync(Kubectl.Older));

    private async Task TourAsync(string release)
    {
        await using Kubectl kubectl = await cluster.NewNamespaceAsync(release);

        CommandResult result = await kubectl.TourAsync(Path.Combine(cluster.Rig.Sources, "tests/MiniPlane.Conformance.Tests/Tour/pods.sh"), Limit);

        Assert.True(result.Succeeded, result.ToString());
        Assert.Contains(" passed, 0 failed", result.Output, StringComparison.Ordinal);
    }
}
