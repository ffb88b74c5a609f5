using MiniPlane.Objects.Documents;
using MiniPlane.Testing;
using MiniPlane.Workloads.Backends;
using MiniPlane.Workloads.Dispatch;

namespace MiniPlane.Workloads.Tests.Dispatch;

public sealed class ArrayGathererTests
{
    private readonly ManualTime _time = new();
    private readonly ArrayBackend _backend = new();

    [Fact]
    public async Task Pods_that_come_within_a_moment_are_submitted_together()
    {
        ArrayGatherer gatherer = new(_backend, _time);
        foreach (string uid in (string[])["a", "b", "c", "d", "e"])
        {
            Assert.True((await gatherer.SubmitAsync(Request(uid), "g", default)).Wait > TimeSpan.Zero);
        }

        _time.Advance(TimeSpan.FromMilliseconds(200));
        SubmitOutcome? first = (await gatherer.SubmitAsync(Request("c"), "g", default)).Outcome;
        SubmitOutcome? other = (await gatherer.SubmitAsync(Request("e"), "g", default)).Outcome;

        Assert.Equal(["a", "b", "c", "d", "e"], Assert.Single(_backend.Arrays));
        Assert.Equal(new SubmitOutcome.Submitted("9_2", false), first);
        Assert.Equal(new SubmitOutcome.Submitted("9_4", false), other);
    }

    [Fact]
    public async Task A_few_are_left_to_go_by_themselves()
    {
        ArrayGatherer gatherer = new(_backend, _time);
        await gatherer.SubmitAsync(Request("a"), "g", default);
        await gatherer.SubmitAsync(Request("b"), "g", default);
        _time.Advance(TimeSpan.FromMilliseconds(200));

        Assert.Equal((null, TimeSpan.Zero), await gatherer.SubmitAsync(Request("a"), "g", default));
        Assert.Equal((null, TimeSpan.Zero), await gatherer.SubmitAsync(Request("b"), "g", default));
        Assert.Empty(_backend.Arrays);
    }

    [Fact]
    public async Task Unlike_pods_are_kept_apart()
    {
        ArrayGatherer gatherer = new(_backend, _time);
        for (int i = 0; i < 8; i++)
        {
            await gatherer.SubmitAsync(Request($"p{i}"), i % 2 == 0 ? "even" : "odd", default);
        }

        _time.Advance(TimeSpan.FromMilliseconds(200));
        await gatherer.SubmitAsync(Request("p0"), "even", default);
        await gatherer.SubmitAsync(Request("p1"), "odd", default);

        Assert.Equal([4, 4], _backend.Arrays.Select(array => array.Count));
    }

    private static JobRequest Request(string uid) => new()
    {
        PodUid = uid,
        Pod = new ObjectKey("default", uid),
        Partition = "",
        Directory = "/",
        Script = "",
        Flags = [],
        Cpus = 1,
        MemoryMiB = 0,
    };

    private sealed class ArrayBackend : IWorkloadBackend
    {
        public List<IReadOnlyList<string>> Arrays { get; } = [];

        public string Name => "slurm";

        public string Version => "";

        public bool RunsAgents => true;

        public ValueTask<IReadOnlyList<SubmitOutcome>?> SubmitArrayAsync(IReadOnlyList<JobRequest> requests, CancellationToken cancellationToken)
        {
            Arrays.Add([.. requests.Select(request => request.PodUid)]);
            return ValueTask.FromResult<IReadOnlyList<SubmitOutcome>?>([.. requests.Select((_, i) => new SubmitOutcome.Submitted($"9_{i}", false))]);
        }

        public ValueTask<bool> RunsOnThisHostAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<PartitionsOutcome> ListPartitionsAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<SubmitOutcome> SubmitAsync(JobRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<JobsOutcome> ListJobsAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<JobsOutcome> FindJobAsync(string jobId, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<CancelOutcome> CancelAsync(string jobId, CancelMode mode, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
