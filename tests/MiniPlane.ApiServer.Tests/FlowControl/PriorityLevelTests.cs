using MiniPlane.ApiServer.FlowControl;

namespace MiniPlane.ApiServer.Tests.FlowControl;

public sealed class PriorityLevelTests
{
    [Fact]
    public void Seats_that_come_free_go_to_the_flows_in_turn()
    {
        PriorityLevel level = Level(seats: 1, queue: 10);
        Assert.True(level.Enter("greedy", out _));
        TaskCompletionSource[] greedy = [Wait(level, "greedy"), Wait(level, "greedy"), Wait(level, "greedy")];
        TaskCompletionSource modest = Wait(level, "modest");

        level.Leave();
        level.Leave();

        Assert.True(greedy[0].Task.IsCompletedSuccessfully);
        Assert.True(modest.Task.IsCompletedSuccessfully, "the second flow waits behind one request of the first, not three");
        Assert.False(greedy[1].Task.IsCompleted);
    }

    [Fact]
    public void A_flow_whose_queue_is_full_is_refused_and_others_are_not()
    {
        PriorityLevel level = Level(seats: 1, queue: 2);
        level.Enter("greedy", out _);
        Wait(level, "greedy");
        Wait(level, "greedy");

        Assert.False(level.Enter("greedy", out _));
        Assert.Null(level.Enter("modest", out _));
    }

    [Fact]
    public void Who_gives_up_is_passed_over()
    {
        PriorityLevel level = Level(seats: 1, queue: 2);
        level.Enter("a", out _);
        TaskCompletionSource first = Wait(level, "a");
        TaskCompletionSource second = Wait(level, "a");

        Assert.True(level.GiveUp(first));
        level.Leave();

        Assert.True(second.Task.IsCompletedSuccessfully);
        Assert.Equal((1, 0), (level.Taken, level.Waiting));
    }

    [Fact]
    public void A_level_without_queues_refuses_at_once()
    {
        PriorityLevel level = Level(seats: 1, queue: 0);

        Assert.True(level.Enter("a", out _));
        Assert.False(level.Enter("b", out _));
    }

    private static PriorityLevel Level(int seats, int queue) => new()
    {
        Name = "test",
        Uid = "u",
        Seats = seats,
        IsExempt = false,
        QueueLength = queue,
        MaxWaiting = 100,
    };

    private static TaskCompletionSource Wait(PriorityLevel level, string flow)
    {
        Assert.Null(level.Enter(flow, out TaskCompletionSource? waiter));
        return waiter!;
    }
}
