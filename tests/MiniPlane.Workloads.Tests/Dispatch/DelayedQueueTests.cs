using MiniPlane.Testing;
using MiniPlane.Workloads.Dispatch;

namespace MiniPlane.Workloads.Tests.Dispatch;

public sealed class DelayedQueueTests
{
    private readonly ManualTime _time = new();

    private DelayedQueue Queue => field ??= new DelayedQueue(_time);

    [Fact]
    public async Task Keys_come_when_they_are_due_and_in_that_order()
    {
        Queue.Add("late", TimeSpan.FromSeconds(5));
        Queue.Add("now");
        Assert.Equal("now", await Queue.TakeAsync(default));

        Task<string> next = Queue.TakeAsync(default).AsTask();
        _time.Advance(TimeSpan.FromSeconds(4));
        bool isEarly = next.IsCompleted;
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.False(isEarly);
        Assert.Equal("late", await next);
    }

    [Fact]
    public async Task A_key_that_is_worked_on_comes_again_only_afterwards()
    {
        Queue.Add("a");
        await Queue.TakeAsync(default);
        Queue.Add("a");
        Task<string> next = Queue.TakeAsync(default).AsTask();
        bool isEarly = next.IsCompleted;

        Queue.Done("a");

        Assert.False(isEarly);
        Assert.Equal("a", await next);
    }

    [Fact]
    public async Task An_earlier_time_replaces_a_later_one()
    {
        Queue.Add("a", TimeSpan.FromHours(1));
        Queue.Add("a", TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("a", await Queue.TakeAsync(default));

        Queue.Done("a");
        Task<string> again = Queue.TakeAsync(default).AsTask();
        _time.Advance(TimeSpan.FromHours(2));
        Assert.False(again.IsCompleted);
    }
}
