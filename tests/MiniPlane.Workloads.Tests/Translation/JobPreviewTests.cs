using System.Text.Json.Nodes;
using MiniPlane.Workloads.Nodes;
using MiniPlane.Workloads.Site;
using MiniPlane.Workloads.Translation;

namespace MiniPlane.Workloads.Tests.Translation;

public sealed class JobPreviewTests
{
    [Theory]
    [InlineData("""{"metadata":{"name":"p"}}""", false)]
    [InlineData("""{"metadata":{"name":"p","annotations":{"note":"x"}}}""", false)]
    [InlineData("""{"metadata":{"name":"p","annotations":{"slurm.miniplane.io/partiton":"gpu"}}}""", true)]
    [InlineData("""{"metadata":{"name":"p","annotations":{"slurm.hpk.io/flags":"--x"}}}""", true)]
    public void Without_limits_of_the_site_only_annotations_can_be_wrong(string pod, bool mayBe)
    {
        using var registry = new NodeRegistry();
        var preview = new JobPreview(Options(PodLimits.None), registry);

        Assert.Equal(mayBe, preview.MayBeRefused(JsonNode.Parse(pod)!.AsObject()));
    }

    [Fact]
    public void With_limits_of_the_site_every_pod_is_looked_at()
    {
        using var registry = new NodeRegistry();
        var preview = new JobPreview(Options(new PodLimits { CpusPerPod = 4 }), registry);

        Assert.True(preview.MayBeRefused([]));
    }

    private static WorkloadsOptions Options(PodLimits limits) =>
        new() { DataDirectory = "/d", ClusterId = "c", Site = new SiteSettings { Limits = limits } };
}
