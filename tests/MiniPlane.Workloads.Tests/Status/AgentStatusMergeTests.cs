using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;
using MiniPlane.Workloads.Status;

namespace MiniPlane.Workloads.Tests.Status;

public sealed class AgentStatusMergeTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static JsonObject RunningReport => Yaml.Load(
        """
        phase: Running
        podIP: 10.0.0.1
        containerStatuses: [{name: a, ready: true, started: true, state: {running: {startedAt: "2026-01-01T12:00:00Z"}}}]
        """);

    [Fact]
    public void A_running_pod_becomes_ready_and_keeps_what_others_wrote()
    {
        JsonObject pod = JobVerdictsTests.Pod();
        pod.Ensure("status")["qosClass"] = "BestEffort";

        JsonObject status = AgentStatusMerge.Apply(pod, RunningReport, Now);

        Assert.Equal(("Running", "10.0.0.1", "BestEffort"), (status.Text("phase"), status.Text("podIP"), status.Text("qosClass")));
        Assert.All(
            ["PodScheduled", "PodReadyToStartContainers", "Initialized", "ContainersReady", "Ready"],
            type => Assert.True(PodConditions.IsTrue(status, type), type));
    }

    [Fact]
    public void A_readiness_gate_that_is_closed_keeps_the_pod_from_being_ready()
    {
        JsonObject pod = JobVerdictsTests.Pod();
        pod.Ensure("spec")["readinessGates"] = new JsonArray(new JsonObject { ["conditionType"] = "example.com/go" });

        JsonObject status = AgentStatusMerge.Apply(pod, RunningReport, Now);

        Assert.True(PodConditions.IsTrue(status, "ContainersReady"));
        Assert.Equal("ReadinessGatesNotReady", PodConditions.Find(status, "Ready")!.Text("reason"));
    }

    [Fact]
    public void Times_of_conditions_move_only_with_their_status()
    {
        JsonObject pod = JobVerdictsTests.Pod();
        pod["status"] = AgentStatusMerge.Apply(pod, RunningReport, Now);

        JsonObject later = AgentStatusMerge.Apply(pod, RunningReport, Now.AddHours(1));

        Assert.True(later.SameAs(pod["status"]));
    }

    [Fact]
    public void A_pod_that_is_over_does_not_come_back()
    {
        JsonObject pod = JobVerdictsTests.Pod();
        pod.Ensure("status")["phase"] = "Failed";

        JsonObject status = AgentStatusMerge.Apply(pod, RunningReport, Now);

        Assert.Equal("Failed", status.Text("phase"));
        Assert.False(PodConditions.IsTrue(status, "Ready"));
    }

    [Fact]
    public void A_completed_pod_says_so_in_its_conditions()
    {
        JsonObject report = Yaml.Load(
            """
            phase: Succeeded
            containerStatuses: [{name: a, ready: false, state: {terminated: {exitCode: 0, reason: Completed}}}]
            """);

        JsonObject status = AgentStatusMerge.Apply(JobVerdictsTests.Pod(), report, Now);

        Assert.Equal(("False", "PodCompleted"), (PodConditions.Find(status, "Ready")!.Text("status"), PodConditions.Find(status, "Ready")!.Text("reason")));
        Assert.True(PodConditions.IsTrue(status, "Initialized"));
    }
}
