using System.Text.Json.Nodes;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Workloads.Backends;

namespace MiniPlane.Workloads.Tests.Dispatch;

public sealed class EndingTests
{
    private readonly FakeBackend _backend = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_deleted_pod_that_a_finalizer_holds_says_that_it_is_over(bool hasRun)
    {
        using var rig = new Rig(_backend);
        await rig.CreatePodAsync();
        await rig.RoundAsync();
        if (hasRun)
        {
            _backend.Set("101", JobState.Running);
            await rig.RoundAsync();
        }

        rig.Cluster.Edit("Pod", "default", "p", pod => pod.Ensure("metadata")["finalizers"] = new JsonArray("foregroundDeletion"));
        await rig.Cluster.DeleteAsync(rig.Cluster.Kind("Pod"), new ObjectKey("default", "p"), new DeleteQuery { GracePeriodSeconds = 20 }, default);
        await rig.RoundAsync();
        _backend.Set("101", JobState.Cancelled);
        await rig.PassAsync(TimeSpan.FromSeconds(5));

        JsonObject pod = rig.Pod();
        Assert.Equal("Failed", pod.Text("status", "phase"));
        Assert.Equal(137, pod.Objects("status", "containerStatuses").Single().Integer("state", "terminated", "exitCode"));
    }
}
