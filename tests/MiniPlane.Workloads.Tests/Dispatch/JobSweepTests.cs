using MiniPlane.Workloads.Backends;

namespace MiniPlane.Workloads.Tests.Dispatch;

public sealed class JobSweepTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly FakeBackend _backend = new();

    [Fact]
    public async Task Jobs_that_run_are_asked_first_and_ended_then_while_waiting_and_ended_ones_and_strangers_need_no_asking()
    {
        Add("1", JobState.Running);
        Add("2", JobState.Pending);
        Add("3", JobState.Completed);
        Add("4", JobState.Running, podUid: "");

        SweepOutcome outcome = await new JobSweep(_backend, TimeProvider.System).RunAsync(TimeSpan.Zero, Limit, CancellationToken.None);

        Assert.Equal(["Terminate 1", "Kill 2", "Kill 1", "Kill 2"], _backend.Cancelled);
        Assert.Equal(["1", "2"], outcome.Found.Select(job => job.JobId));
        Assert.Empty(outcome.Left);
    }

    [Fact]
    public async Task Nothing_is_concluded_when_the_backend_does_not_answer()
    {
        _backend.Trouble = "slurmctld is down";

        SweepOutcome outcome = await new JobSweep(_backend, TimeProvider.System).RunAsync(TimeSpan.Zero, Limit, CancellationToken.None);

        Assert.Equal("slurmctld is down", outcome.Trouble);
        Assert.Empty(_backend.Cancelled);
    }

    private void Add(string id, JobState state, string podUid = "a-pod") =>
        _backend.Jobs[id] = new JobStatus { JobId = id, PodUid = podUid, State = state };
}
