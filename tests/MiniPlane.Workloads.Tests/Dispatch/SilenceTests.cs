using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;
using MiniPlane.Workloads.Backends;
using MiniPlane.Workloads.Status;

namespace MiniPlane.Workloads.Tests.Dispatch;

public sealed class SilenceTests
{
    private readonly FakeBackend _backend = new();

    [Fact]
    public async Task A_ready_pod_whose_agent_falls_silent_is_not_ready_until_it_is_heard_again()
    {
        using var rig = new Rig(_backend);
        string uid = await rig.CreatePodAsync();
        await rig.RoundAsync();
        _backend.Set("101", JobState.Running);
        await rig.RoundAsync();
        rig.Cluster.Edit("Pod", "default", "p", pod => pod["status"] = AgentStatusMerge.Apply(pod, Ready(), rig.Time.GetUtcNow()));

        await rig.PassAsync(TimeSpan.FromSeconds(40));
        string? early = ReadyOf(rig).Text("status");
        await rig.PassAsync(TimeSpan.FromSeconds(20));
        JsonObject marked = ReadyOf(rig);
        string? containers = PodConditions.Find(rig.Pod().Object("status")!, "ContainersReady").Text("status");
        rig.Connect(uid);
        await rig.RoundAsync();

        Assert.Equal("True", early);
        Assert.Equal("False", marked.Text("status"));
        Assert.Equal("AgentNotConnected", marked.Text("reason"));
        Assert.Equal("True", containers);
        Assert.Equal("True", ReadyOf(rig).Text("status"));
    }

    [Fact]
    public async Task A_pod_that_an_earlier_process_marked_as_silent_is_ready_again_when_its_agent_is_there()
    {
        using var rig = new Rig(_backend);
        string uid = await rig.CreatePodAsync();
        await rig.RoundAsync();
        _backend.Set("101", JobState.Running);
        await rig.RoundAsync();
        rig.Cluster.Edit("Pod", "default", "p", pod => pod["status"] = AgentStatusMerge.Apply(pod, Ready(), rig.Time.GetUtcNow()));
        rig.Cluster.Edit("Pod", "default", "p", pod => pod["status"] = Silence.Mark(pod, "node1", rig.Time.GetUtcNow()));

        using var restarted = new Rig(_backend, rig.Time, rig.Cluster);
        restarted.Connect(uid);
        await restarted.RoundAsync();

        Assert.Equal("True", ReadyOf(restarted).Text("status"));
    }

    [Fact]
    public async Task A_connection_over_which_nothing_comes_is_silence_too()
    {
        using var rig = new Rig(_backend);
        string uid = await rig.CreatePodAsync();
        await rig.RoundAsync();
        _backend.Set("101", JobState.Running);
        rig.Connect(uid);
        await rig.RoundAsync();
        rig.Cluster.Edit("Pod", "default", "p", pod => pod["status"] = AgentStatusMerge.Apply(pod, Ready(), rig.Time.GetUtcNow()));

        await rig.PassAsync(TimeSpan.FromSeconds(40));
        string? early = ReadyOf(rig).Text("status");
        await rig.PassAsync(TimeSpan.FromSeconds(20));
        string? cut = ReadyOf(rig).Text("status");
        TimeSpan silence = rig.Hub.Find(uid)!.Hear();
        await rig.RoundAsync();

        Assert.Equal(("True", "False", "True"), (early, cut, ReadyOf(rig).Text("status")));
        Assert.True(silence >= Silence.UnreadyAfter);
    }

    private static JsonObject Ready() => JsonNode.Parse("""
        { "phase": "Running", "podIP": "10.0.0.1", "containerStatuses": [ { "name": "a", "ready": true, "started": true, "state": { "running": {} } } ] }
        """)!.AsObject();

    private static JsonObject ReadyOf(Rig rig) => PodConditions.Find(rig.Pod().Object("status")!, "Ready")!;
}
