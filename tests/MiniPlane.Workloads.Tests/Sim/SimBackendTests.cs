using MiniPlane.Objects.Documents;
using MiniPlane.Testing;
using MiniPlane.Workloads.Backends;
using MiniPlane.Workloads.Sim;

namespace MiniPlane.Workloads.Tests.Sim;

public sealed class SimBackendTests
{
    private static readonly SimOptions Options = new()
    {
        Partitions = ["sim"],
        Nodes = 2,
        CpusPerNode = 4,
        StartTime = TimeSpan.FromSeconds(1),
        RunTime = TimeSpan.FromSeconds(10),
    };

    private readonly ManualTime _time = new();

    [Fact]
    public async Task Jobs_wait_for_room_and_follow_each_other()
    {
        var backend = new SimBackend(Options, _time);
        for (int i = 0; i < 5; i++)
        {
            await backend.SubmitAsync(Request($"u{i}", cpus: 2), default);
        }

        _time.Advance(TimeSpan.FromSeconds(1));
        string first = await StatesAsync(backend);
        _time.Advance(TimeSpan.FromSeconds(10));
        string second = await StatesAsync(backend);
        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal("Running Running Running Running Pending", first);
        Assert.Equal("Completed Completed Completed Completed Running", second);
        Assert.Equal("Completed Completed Completed Completed Completed", await StatesAsync(backend));
    }

    [Fact]
    public async Task Without_nodes_there_is_no_partition()
    {
        var backend = new SimBackend(Options with { Nodes = 0 }, _time);

        Assert.Empty(Assert.IsType<PartitionsOutcome.Listed>(await backend.ListPartitionsAsync(default)).Partitions);
    }

    [Fact]
    public async Task What_no_node_can_hold_is_refused()
    {
        var backend = new SimBackend(Options, _time);

        Assert.IsType<SubmitOutcome.Rejected>(await backend.SubmitAsync(Request("u", cpus: 5), default));
        Assert.IsType<SubmitOutcome.Rejected>(await backend.SubmitAsync(Request("u", cpus: 1) with { Partition = "nope" }, default));
    }

    [Fact]
    public async Task About_the_asked_share_of_jobs_fails_and_always_the_same_ones()
    {
        SimOptions options = Options with { Nodes = 100, FailureRate = 0.3 };
        var backend = new SimBackend(options, _time);
        var twin = new SimBackend(options, _time);
        for (int i = 0; i < 200; i++)
        {
            await backend.SubmitAsync(Request($"pod-{i}", cpus: 1), default);
            await twin.SubmitAsync(Request($"pod-{i}", cpus: 1), default);
        }

        foreach (int _ in Enumerable.Range(0, 3))
        {
            _time.Advance(TimeSpan.FromSeconds(11));
            await StatesAsync(backend);
            await StatesAsync(twin);
        }

        string states = await StatesAsync(backend);
        Assert.InRange(states.Split(' ').Count(state => state == "Failed"), 30, 90);
        Assert.Equal(states, await StatesAsync(twin));
    }

    [Fact]
    public async Task A_cancelled_job_makes_room()
    {
        var backend = new SimBackend(Options with { Nodes = 1 }, _time);
        await backend.SubmitAsync(Request("a", cpus: 4), default);
        await backend.SubmitAsync(Request("b", cpus: 4), default);
        _time.Advance(TimeSpan.FromSeconds(1));
        await StatesAsync(backend);

        await backend.CancelAsync("1", CancelMode.Kill, default);

        Assert.Equal("Cancelled Running", await StatesAsync(backend));
    }

    [Fact]
    public async Task An_ended_job_is_forgotten_after_a_while_and_its_number_is_not_given_again()
    {
        var backend = new SimBackend(Options with { FirstJob = 41 }, _time);
        await backend.SubmitAsync(Request("a", cpus: 1), default);
        await backend.CancelAsync("41", CancelMode.Kill, default);
        string before = await StatesAsync(backend);

        _time.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal("Cancelled", before);
        Assert.Equal("", await StatesAsync(backend));
        var again = Assert.IsType<SubmitOutcome.Submitted>(await backend.SubmitAsync(Request("b", cpus: 1), default));
        Assert.Equal("42", again.JobId);
    }

    private static async Task<string> StatesAsync(SimBackend backend) =>
        string.Join(' ', Assert.IsType<JobsOutcome.Listed>(await backend.ListJobsAsync(default)).Jobs.Select(job => job.State));

    private static JobRequest Request(string uid, int cpus) => new()
    {
        PodUid = uid,
        Pod = new ObjectKey("default", uid),
        Partition = "sim",
        Directory = "/nowhere",
        Script = "",
        Flags = [],
        Cpus = cpus,
        MemoryMiB = 0,
        EndsByItself = true,
    };
}
