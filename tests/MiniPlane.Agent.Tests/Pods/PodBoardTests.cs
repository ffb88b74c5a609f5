using System.Text.Json.Nodes;
using MiniPlane.Agent.Pods;
using MiniPlane.Agent.Tests.Fakes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Agent.Tests.Pods;

public sealed class PodBoardTests : IPodReporter
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly List<JsonObject> _reports = [];

    [Fact]
    public void While_all_begins_anew_the_pod_is_pending_and_the_condition_says_so_until_nothing_runs()
    {
        PodBoard board = Board(New("watcher"), New("never"), new ContainerStatus { Name = "debug", Kind = ContainerKind.Ephemeral, Image = "x", State = new ContainerState.Running(Now) });
        Assert.Equal("False", Condition().Text("status"));

        board.Update("watcher", restartsAll: true, status => status with { State = Ended(88), RunsAgain = true });
        Assert.Equal(
            ("Pending", "True", "RestartAllContainersStarted", "container exited with restart policy rule"),
            (_reports[^1].Text("phase"), Condition().Text("status"), Condition().Text("reason"), Condition().Text("message")));

        board.Clear(name => name == "watcher" ? 0 : null, Now);
        JsonObject[] cleared = [.. _reports[^1].Objects("containerStatuses")];
        Assert.Equal("True", Condition().Text("status"));
        Assert.Equal((1, 137, "RestartingAllContainers"), (cleared[0].Integer("restartCount"), cleared[0].Integer("lastState", "terminated", "exitCode"), cleared[0].Text("state", "waiting", "reason")));
        Assert.Equal((0, false), (cleared[1].Integer("restartCount"), cleared[1].Has("lastState", "terminated")));
        Assert.True(_reports[^1].Objects("ephemeralContainerStatuses").Single().Has("state", "running"));

        board.BeginAnew();
        Assert.Equal(("Pending", "False"), (_reports[^1].Text("phase"), Condition().Text("status")));
        Assert.All(_reports[^1].Objects("containerStatuses"), status => Assert.Equal("ContainerCreating", status.Text("state", "waiting", "reason")));
    }

    [Theory]
    [InlineData(0, "PodCompleted")]
    [InlineData(1, "PodFailed")]
    public void A_pod_that_is_over_begins_nothing_anew(int code, string reason)
    {
        PodBoard board = Board(New("watcher"));

        board.Update("watcher", restartsAll: true, status => status with { State = Ended(code) });
        board.End(isInterrupted: false);

        Assert.Equal(("False", reason), (Condition().Text("status"), Condition().Text("reason")));
    }

    [Theory]
    [InlineData(false, "Failed")]
    [InlineData(true, "Running")]
    public void How_containers_end_when_the_job_is_told_to_end_is_not_how_the_pod_does(bool isInterruption, string phase)
    {
        using PodStop stop = new(TimeProvider.System);
        PodBoard board = Board([New("watcher") with { State = new ContainerState.Running(Now) }], stop);

        stop.Request(TimeSpan.FromSeconds(30), "the job got SIGTERM", isInterruption, isCutShort: true);
        board.Update("watcher", status => status with { State = Ended(0) });
        string? between = _reports[^1].Text("phase");
        if (!isInterruption)
        {
            board.Fail("", "ended before its time");
        }

        board.End(isInterruption);

        Assert.Equal("Running", between);
        Assert.Equal(phase, _reports[^1].Text("phase"));
    }

    void IPodReporter.Report(ReadOnlyMemory<byte> statusJson) => _reports.Add(JsonNode.Parse(statusJson.Span)!.AsObject());

    void IPodReporter.Event(string type, string reason, string message, string fieldPath)
    {
    }

    private PodBoard Board(params ContainerStatus[] containers) => Board(containers, stop: null);

    private PodBoard Board(ContainerStatus[] containers, PodStop? stop)
    {
        PodContext context = Contexts.Make("""
            {"restartPolicy":"Never","containers":[{"name":"watcher","image":"x",
              "restartPolicyRules":[{"action":"RestartAllContainers","exitCodes":{"operator":"In","values":[88]}}]}]}
            """);
        return new PodBoard(context, this, containers, Now, stop);
    }

    private JsonObject Condition() => _reports[^1].Objects("conditions").Single(condition => condition.Text("type") == "AllContainersRestarting");

    private static ContainerStatus New(string name) =>
        new() { Name = name, Kind = ContainerKind.Main, Image = "x", State = new ContainerState.Waiting("ContainerCreating") };

    private static ContainerState.Terminated Ended(int code) =>
        new() { ExitCode = code, Reason = "Error", StartedAt = Now, FinishedAt = Now };
}
