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
        ArrayGatherer gatherer = Make();
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
        ArrayGatherer gatherer = Make();
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
        ArrayGatherer gatherer = Make();
        for (int i = 0; i < 8; i++)
        {
            await gatherer.SubmitAsync(Request($"p{i}"), i % 2 == 0 ? "even" : "odd", default);
        }

        _time.Advance(TimeSpan.FromMilliseconds(200));
        await gatherer.SubmitAsync(Request("p0"), "even", default);
        await gatherer.SubmitAsync(Request("p1"), "odd", default);

        Assert.Equal([4, 4], _backend.Arrays.Select(array => array.Count));
    }

    [Fact]
    public async Task What_is_on_its_way_in_an_array_waits_for_the_answer_however_long()
    {
        ArrayGatherer gatherer = Make();
        string[] uids = ["a", "b", "c", "d", "e"];
        foreach (string uid in uids)
        {
            await gatherer.SubmitAsync(Request(uid), "g", default);
        }

        _backend.Answer = new TaskCompletionSource();
        _time.Advance(TimeSpan.FromMilliseconds(200));
        Task<(SubmitOutcome? Outcome, TimeSpan Wait)> leader = gatherer.SubmitAsync(Request("a"), "g", default).AsTask();
        for (int i = 0; i < 5; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            foreach (string uid in uids[1..])
            {
                Assert.True((await gatherer.SubmitAsync(Request(uid), "g", default)).Wait > TimeSpan.Zero);
            }
        }

        _backend.Answer.SetResult();
        await leader;

        Assert.Single(_backend.Arrays);
        Assert.Equal(new SubmitOutcome.Submitted("9_1", false), (await gatherer.SubmitAsync(Request("b"), "g", default)).Outcome);
    }

    [Fact]
    public async Task An_array_is_one_turn_at_the_gate()
    {
        ArrayGatherer gatherer = Make(submitsPerSecond: 1);
        for (int i = 0; i < 8; i++)
        {
            await gatherer.SubmitAsync(Request($"p{i}"), i % 2 == 0 ? "even" : "odd", default);
        }

        _time.Advance(TimeSpan.FromMilliseconds(200));
        SubmitOutcome? first = (await gatherer.SubmitAsync(Request("p0"), "even", default)).Outcome;
        TimeSpan wait = (await gatherer.SubmitAsync(Request("p1"), "odd", default)).Wait;
        await gatherer.SubmitAsync(Request("p8"), "odd", default);
        _time.Advance(wait);
        await gatherer.SubmitAsync(Request("p1"), "odd", default);

        Assert.NotNull(first);
        Assert.Equal(TimeSpan.FromSeconds(1), wait);
        Assert.Equal([4, 5], _backend.Arrays.Select(array => array.Count));
    }

    private ArrayGatherer Make(int submitsPerSecond = 0) => new(_backend, SubmissionGateTests.Make(submitsPerSecond, _time), _time);

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

        public TaskCompletionSource? Answer { get; set; }

        public string Name => "slurm";

        public string Version => "";

        public bool RunsAgents => true;

        public async ValueTask<IReadOnlyList<SubmitOutcome>?> SubmitArrayAsync(IReadOnlyList<JobRequest> requests, CancellationToken cancellationToken)
        {
            Arrays.Add([.. requests.Select(request => request.PodUid)]);
            await (Answer?.Task ?? Task.CompletedTask);
            return [.. requests.Select((_, i) => new SubmitOutcome.Submitted($"9_{i}", false))];
        }

        public ValueTask<bool> RunsOnThisHostAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<PartitionsOutcome> ListPartitionsAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<SubmitOutcome> SubmitAsync(JobRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<JobsOutcome> ListJobsAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<JobsOutcome> FindJobAsync(string jobId, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<CancelOutcome> CancelAsync(string jobId, CancelMode mode, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
