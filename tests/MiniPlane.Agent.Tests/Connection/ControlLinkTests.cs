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
}
