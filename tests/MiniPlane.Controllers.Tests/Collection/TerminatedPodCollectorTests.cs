using MiniPlane.Controllers.Collection;

namespace MiniPlane.Controllers.Tests.Collection;

public sealed class TerminatedPodCollectorTests
{
    [Fact]
    public async Task Beyond_the_threshold_the_oldest_ended_pods_go()
    {
        await using var rig = new ControllerRig();
        foreach (string name in (string[])["a", "bb", "ccc", "dddd"])
        {
            await rig.CreateAsync("Pod", Make.Pod(name));
            rig.Time.Advance(TimeSpan.FromSeconds(10));
        }

        rig.Finish("bb", "Succeeded");
        rig.Finish("ccc", "Failed");
        rig.Finish("dddd", "Succeeded");
        await rig.StartAsync(context => new TerminatedPodCollector(context) { Threshold = 1 });

        await rig.UntilAsync(
            () =>
            {
                rig.Time.Advance(TimeSpan.FromSeconds(1));
                return rig.Cluster.All("Pod").Count == 2;
            },
            "two of them go");
        Assert.NotNull(rig.Cluster.Find("Pod", "default", "a"));
        Assert.NotNull(rig.Cluster.Find("Pod", "default", "dddd"));
    }
}
