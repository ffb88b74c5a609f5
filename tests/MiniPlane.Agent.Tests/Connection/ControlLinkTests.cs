using MiniPlane.Agent.Tests.Fakes;

namespace MiniPlane.Agent.Tests.Connection;

public sealed class ControlLinkTests
{
    [Fact]
    public async Task A_control_plane_that_moved_is_found_by_what_it_wrote_down()
    {
        await using FakeControlPlane plane = await FakeControlPlane.StartAsync();

        await using RunningAgent agent = await RunningAgent.StartAsync(
            plane,
            """{"restartPolicy":"Never","containers":[{"name":"a","image":"host","command":["/bin/true"]}]}""",
            movedFrom: "https://127.0.0.1:1");

        await plane.UntilPhaseAsync("Succeeded");
    }

    [Fact]
    public async Task An_agent_whose_pod_another_has_by_now_ends_its_containers_at_once_and_leaves_no_last_word()
    {
        await using FakeControlPlane plane = await FakeControlPlane.StartAsync();
        await using RunningAgent agent = await RunningAgent.StartAsync(
            plane,
            """{"restartPolicy":"Always","terminationGracePeriodSeconds":600,"containers":[{"name":"a","image":"host","command":["/bin/sh","-c","trap : TERM; while :; do sleep 1; done"]}]}""");
        await plane.UntilPhaseAsync("Running");

        await plane.SupersedeAsync();
        await agent.Ended.WaitAsync(TimeSpan.FromSeconds(30), CancellationToken.None);

        Assert.True(agent.Host.IsSuperseded);
    }
}
