using MiniPlane.Agent.Pods;

namespace MiniPlane.Agent.Tests.Pods;

public sealed class PodPhaseTests
{
    private static readonly ContainerState Waiting = new ContainerState.Waiting("ContainerCreating");
    private static readonly ContainerState Running = new ContainerState.Running(DateTimeOffset.UnixEpoch);

    [Fact]
    public void A_pod_is_pending_until_every_container_has_started()
    {
        Assert.Equal("Pending", Phase("Always", Container(Running), Container(Waiting)));
        Assert.Equal("Running", Phase("Always", Container(Running), Container(Running)));
    }

    [Fact]
    public void A_pod_that_initializes_is_pending() =>
        Assert.Equal("Pending", Phase("Always", Init(Running), Container(Waiting)));

    [Fact]
    public void A_failed_init_container_fails_a_pod_that_never_restarts()
    {
        Assert.Equal("Failed", Phase("Never", Init(Ended(1)), Container(Waiting)));
        Assert.Equal("Pending", Phase("OnFailure", Init(Ended(1)), Container(Waiting)));
    }

    [Fact]
    public void A_container_that_backs_off_keeps_the_pod_running() =>
        Assert.Equal("Running", Phase("Always", Container(new ContainerState.Waiting("CrashLoopBackOff")) with { LastState = Ended(1) }));

    [Theory]
    [InlineData("Never", 0, 0, "Succeeded")]
    [InlineData("Never", 0, 1, "Failed")]
    [InlineData("OnFailure", 0, 1, "Running")]
    [InlineData("Always", 0, 0, "Running")]
    public void Ended_containers_decide_by_the_policy(string policy, int first, int second, string expected) =>
        Assert.Equal(expected, Phase(policy, Container(Ended(first)), Container(Ended(second))));

    [Fact]
    public void A_pod_has_not_ended_while_a_sidecar_runs() =>
        Assert.Equal("Running", Phase("Never", Make(ContainerKind.Sidecar, Running) with { Started = true }, Container(Ended(0))));

    [Fact]
    public void A_sidecar_that_runs_anew_beside_a_started_container_leaves_the_pod_running() =>
        Assert.Equal("Running", Phase("Always", Make(ContainerKind.Sidecar, Ended(1)), Container(Running)));

    [Fact]
    public void A_container_with_rules_of_its_own_keeps_the_pod_running() =>
        Assert.Equal("Running", Phase("Never", Container(Ended(42)) with { RunsAgain = true }));

    [Fact]
    public void An_ephemeral_container_does_not_count() =>
        Assert.Equal("Succeeded", Phase("Never", Make(ContainerKind.Ephemeral, Running), Container(Ended(0))));

    [Fact]
    public void A_pod_that_is_over_is_final_whatever_its_policy()
    {
        Assert.Equal("Failed", PodPhase.Of([Container(Ended(143))], "Always", isOver: true));
        Assert.Equal("Succeeded", PodPhase.Of([Container(Ended(0))], "Always", isOver: true));
        Assert.Equal("Failed", PodPhase.Of([Container(Waiting)], "Never", isOver: true));
    }

    private static string Phase(string policy, params ContainerStatus[] containers) => PodPhase.Of(containers, policy, isOver: false);

    private static ContainerStatus Container(ContainerState state) => Make(ContainerKind.Main, state);

    private static ContainerStatus Init(ContainerState state) => Make(ContainerKind.Init, state);

    private static ContainerStatus Make(ContainerKind kind, ContainerState state) =>
        new() { Name = kind.ToString(), Kind = kind, Image = "x", State = state };

    private static ContainerState.Terminated Ended(int code) => new()
    {
        ExitCode = code,
        Reason = "Completed",
        StartedAt = DateTimeOffset.UnixEpoch,
        FinishedAt = DateTimeOffset.UnixEpoch,
    };
}
