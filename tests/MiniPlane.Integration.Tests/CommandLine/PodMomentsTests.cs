using System.Text.Json.Nodes;
using MiniPlane.Operations;

namespace MiniPlane.Integration.Tests.CommandLine;

public sealed class PodMomentsTests
{
    [Fact]
    public void What_happened_is_gathered_from_pod_events_job_and_containers()
    {
        var pod = JsonNode.Parse("""
            {"metadata":{"creationTimestamp":"2026-01-01T10:00:00Z"},
             "status":{"conditions":[{"type":"Ready","status":"False","reason":"ContainersNotReady","message":"web","lastTransitionTime":"2026-01-01T10:00:05Z"}],
              "containerStatuses":[{"name":"web","state":{"terminated":{"reason":"Error","exitCode":3,"startedAt":"2026-01-01T10:00:03Z","finishedAt":"2026-01-01T10:00:04Z"}}}]}}
            """) as JsonObject;
        var job = JsonNode.Parse("""{"id":"42","partition":"batch","nodes":"n1","submitted":"2026-01-01T10:00:01Z","start":"2026-01-01T10:00:02Z"}""") as JsonObject;
        var seen = JsonNode.Parse("""{"reason":"BackOff","message":"again","count":3,"type":"Warning","lastTimestamp":"2026-01-01T10:00:06Z"}""") as JsonObject;

        string[] told = [.. PodMoments.Of(pod!, job, [seen!], []).OrderBy(moment => moment.Time).Select(moment => $"{moment.Source} {moment.What}{(moment.IsTrouble ? " !" : "")}")];

        Assert.Equal(
            [
                "pod created",
                "job 42 submitted to batch",
                "job 42 started on n1",
                "container web started",
                "container web ended: Error, exit code 3 !",
                "pod Ready is False (ContainersNotReady: web) !",
                "event BackOff: again (×3) !",
            ],
            told);
    }

    [Fact]
    public void A_job_that_waits_tells_when_and_why()
    {
        var job = JsonNode.Parse("""{"id":"42","partition":"batch","nodes":"","reason":"Resources","submitted":"2026-01-01T10:00:01Z","start":"2026-01-01T12:00:00Z"}""") as JsonObject;

        Assert.Contains(PodMoments.Of([], job, [], []), moment => moment.What == "42 is expected to start (Resources)");
    }
}
