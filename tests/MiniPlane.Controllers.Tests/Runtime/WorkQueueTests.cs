using MiniPlane.Controllers.Runtime;
using MiniPlane.Objects.Documents;
using MiniPlane.Testing;

namespace MiniPlane.Controllers.Tests.Runtime;

public sealed class WorkQueueTests : IDisposable
{
    private static readonly ObjectKey A = new("default", "a");
    private readonly ManualTime _time = new();
    private readonly WorkQueue _queue;

    public WorkQueueTests()
    {
        _queue = new WorkQueue("test", _time);
    }

    public void Dispose() => _queue.Dispose();

    [Fact]
    public void A_wait_may_be_longer_than_a_timer_can()
    {
        using WorkQueue queue = new("test", TimeProvider.System);

        queue.AddAfter(A, TimeSpan.FromDays(3650));
        queue.AddAfter(new ObjectKey("default", "b"), TimeSpan.MaxValue);

        Assert.Equal(0, queue.Count);
    }

    [Fact]
    public async Task A_key_added_twice_is_handed_out_once()
    {
        _queue.Add(A);
        _queue.Add(A);

        await _queue.TakeAsync(CancellationToken.None);
        _queue.Done(A);

        Assert.Equal(0, _queue.Count);
    }

    [Fact]
    public async Task A_key_added_while_in_work_is_handed_out_again_only_after_it_is_done()
    {
        _queue.Add(A);
        await _queue.TakeAsync(CancellationToken.None);

        _queue.Add(A);
        ValueTask<ObjectKey> second = _queue.TakeAsync(CancellationToken.None);
        bool tooEarly = second.IsCompleted;
        _queue.Done(A);

        Assert.False(tooEarly);
        Assert.Equal(A, await second);
    }

    [Fact]
    public void A_delayed_key_comes_when_its_time_has_come_and_not_before()
    {
        _queue.AddAfter(A, TimeSpan.FromSeconds(10));

        _time.Advance(TimeSpan.FromSeconds(9));
        int before = _queue.Count;
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(0, before);
        Assert.Equal(1, _queue.Count);
    }

    [Fact]
    public void Of_several_delays_the_shortest_counts()
    {
        _queue.AddAfter(A, TimeSpan.FromSeconds(10));
        _queue.AddAfter(A, TimeSpan.FromSeconds(2));
        _queue.AddAfter(A, TimeSpan.FromSeconds(5));

        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(1, _queue.Count);
    }

    [Fact]
    public void Back_off_doubles_with_every_failure_and_starts_anew_after_success()
    {
        double[] delays = [.. Enumerable.Range(0, 3).Select(_ => _queue.AddRateLimited(A).TotalMilliseconds)];

        _queue.Forget(A);

        Assert.InRange(delays[0], 4, 5);
        Assert.InRange(delays[1], 8, 10);
        Assert.InRange(delays[2], 16, 20);
        Assert.InRange(_queue.AddRateLimited(A).TotalMilliseconds, 4, 5);
    }

    [Fact]
    public void Keys_that_failed_together_come_back_one_by_one()
    {
        IEnumerable<TimeSpan> delays = Enumerable.Range(0, 100).Select(i => _queue.AddRateLimited(new ObjectKey("default", $"key-{i}")));

        Assert.True(delays.Distinct().Count() > 50);
    }

    [Fact]
    public void Back_off_never_exceeds_a_thousand_seconds()
    {
        TimeSpan delay = TimeSpan.Zero;
        for (int i = 0; i < 40; i++)
        {
            delay = _queue.AddRateLimited(A);
        }

        Assert.InRange(delay.TotalSeconds, 800, 1000);
    }
}
