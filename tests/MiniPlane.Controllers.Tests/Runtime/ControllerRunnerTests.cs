using System.Collections.Concurrent;
using MiniPlane.Controllers.Runtime;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Tests.Runtime;

public sealed class ControllerRunnerTests
{
    [Fact]
    public async Task A_key_that_fails_is_tried_again_after_its_back_off()
    {
        await using var rig = new ControllerRig();
        var probe = new Probe(rig.Context) { FailuresLeft = 1 };
        await rig.StartAsync(_ => probe);

        await rig.CreateAsync("ConfigMap", Make.Object("v1", "ConfigMap", "a"));
        await rig.UntilAsync(() => probe.Calls.Count == 1, "it is tried");
        await rig.UntilAsync(
            () =>
            {
                rig.Time.Advance(TimeSpan.FromMilliseconds(5));
                return probe.Calls.Count == 2;
            },
            "it is tried again");

        Assert.All(probe.Calls, key => Assert.Equal(new ObjectKey("default", "a"), key));
    }

    [Fact]
    public async Task One_failing_key_does_not_stop_the_others()
    {
        await using var rig = new ControllerRig();
        var probe = new Probe(rig.Context) { FailuresLeft = 1 };
        await rig.StartAsync(_ => probe);

        await rig.CreateAsync("ConfigMap", Make.Object("v1", "ConfigMap", "bad"));
        await rig.UntilAsync(() => probe.Calls.Count == 1, "the first one fails");
        await rig.CreateAsync("ConfigMap", Make.Object("v1", "ConfigMap", "good"));

        await rig.UntilAsync(() => probe.Calls.Contains(new ObjectKey("default", "good")), "the other one is reconciled");
    }

    [Fact]
    public async Task A_write_is_in_the_cache_when_it_returns()
    {
        await using var rig = new ControllerRig();
        await rig.StartAsync(context => new Probe(context));
        Informer informer = rig.Context.Informers.For(rig.Cluster.Kind("ConfigMap"));
        await informer.Synced;

        ObjectDocument created = await rig.Context.Writer.CreateAsync(
            informer.Kind, Make.Object("v1", "ConfigMap", "mine"), CancellationToken.None);
        bool seen = informer.Find(created.Key) is not null;
        await rig.Context.Writer.DeleteAsync(informer.Kind, created, new(), CancellationToken.None);

        Assert.True(seen);
        Assert.Null(informer.Find(created.Key));
    }

    private sealed class Probe(ClusterContext cluster) : IController
    {
        private int _failures;

        public int FailuresLeft { get => _failures; init => _failures = value; }

        public ConcurrentQueue<ObjectKey> Calls { get; } = new();

        public string Name => "probe";

        public IReadOnlyList<ControllerWatch> Watches => [ControllerWatch.Self(cluster.Kinds.ConfigMap)];

        public Task<ReconcileResult> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
        {
            Calls.Enqueue(key);
            return Interlocked.Decrement(ref _failures) >= 0
                ? throw new InvalidOperationException("as the test wants")
                : Task.FromResult(ReconcileResult.Done);
        }
    }
}
