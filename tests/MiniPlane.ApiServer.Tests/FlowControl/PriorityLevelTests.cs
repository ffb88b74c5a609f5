using MiniPlane.ApiServer.FlowControl;

namespace MiniPlane.ApiServer.Tests.FlowControl;

public sealed class PriorityLevelTests
{
    [Fact]
    public void Seats_that_come_free_go_to_the_flows_in_turn()
    {
        PriorityLevel level = Level(seats: 1, queue: 10);
        Assert.True(level.Enter("greedy", 1, out _));
        SeatWaiter[] greedy = [Wait(level, "greedy"), Wait(level, "greedy"), Wait(level, "greedy")];
        SeatWaiter modest = Wait(level, "modest");

        level.Leave(1);
        level.Leave(1);

        Assert.True(greedy[0].Task.IsCompletedSuccessfully);
        Assert.True(modest.Task.IsCompletedSuccessfully, "the second flow waits behind one request of the first, not three");
        Assert.False(greedy[1].Task.IsCompleted);
    }

    [Fact]
    public void A_flow_whose_queue_is_full_is_refused_and_others_are_not()
    {
        PriorityLevel level = Level(seats: 1, queue: 2);
        level.Enter("greedy", 1, out _);
        Wait(level, "greedy");
        Wait(level, "greedy");

        Assert.False(level.Enter("greedy", 1, out _));
        Assert.Null(level.Enter("modest", 1, out _));
    }

    [Fact]
    public void Who_gives_up_is_passed_over()
    {
        PriorityLevel level = Level(seats: 1, queue: 2);
        level.Enter("a", 1, out _);
        SeatWaiter first = Wait(level, "a");
        SeatWaiter second = Wait(level, "a");

        Assert.True(level.GiveUp(first));
        level.Leave(1);

        Assert.True(second.Task.IsCompletedSuccessfully);
        Assert.Equal((1, 0), (level.Taken, level.Waiting));
    }

    [Fact]
    public void A_level_without_queues_refuses_at_once()
    {
        PriorityLevel level = Level(seats: 1, queue: 0);

        Assert.True(level.Enter("a", 1, out _));
        Assert.False(level.Enter("b", 1, out _));
    }

    [Fact]
    public void A_long_list_waits_for_as_many_seats_as_it_takes()
    {
        PriorityLevel level = Level(seats: 3, queue: 2);
        level.Enter("a", 1, out _);
        level.Enter("a", 1, out _);
        Assert.Null(level.Enter("b", 3, out SeatWaiter? list));

        level.Leave(1);
        Assert.False(list!.Task.IsCompleted);
        level.Leave(1);

        Assert.True(list.Task.IsCompletedSuccessfully);
        Assert.Equal((3, 1), (level.Taken, level.Executing));
    }

    [Fact]
    public void A_request_wider_than_its_level_runs_alone()
    {
        PriorityLevel level = Level(seats: 2, queue: 2);

        Assert.True(level.Enter("a", 10, out _));
        Assert.Null(level.Enter("b", 1, out SeatWaiter? other));
        level.Leave(10);

        Assert.True(other!.Task.IsCompletedSuccessfully);
    }

    [Fact]
    public void A_full_level_borrows_idle_seats_as_far_as_others_lend_and_gives_them_back_when_they_are_needed()
    {
        PriorityLevel busy = Level(seats: 1, queue: 5);
        PriorityLevel idle = Level(seats: 4, queue: 5, lendable: 2);
        _ = new SeatMarket([busy, idle]);

        Assert.True(busy.Enter("a", 1, out _));
        Assert.True(busy.Enter("a", 1, out _));
        Assert.True(busy.Enter("a", 1, out _));
        Assert.Null(busy.Enter("a", 1, out SeatWaiter? waiting));
        Assert.Equal((3, 2), (busy.Limit, idle.Limit));

        Assert.True(idle.Enter("b", 1, out _));
        Assert.True(idle.Enter("b", 1, out _));
        Assert.True(idle.Enter("b", 1, out _));
        Assert.True(idle.Enter("b", 1, out _));
        Assert.Equal((1, 4), (busy.Limit, idle.Limit));

        busy.Leave(1);
        busy.Leave(1);
        Assert.False(waiting!.Task.IsCompleted);
        busy.Leave(1);
        Assert.True(waiting.Task.IsCompletedSuccessfully);
    }

    [Fact]
    public void A_level_borrows_no_more_than_its_limit()
    {
        PriorityLevel busy = Level(seats: 1, queue: 0, most: 2);
        PriorityLevel idle = Level(seats: 4, queue: 5, lendable: 4);
        _ = new SeatMarket([busy, idle]);

        Assert.True(busy.Enter("a", 1, out _));
        Assert.True(busy.Enter("a", 1, out _));
        Assert.False(busy.Enter("a", 1, out _));
    }

    private static PriorityLevel Level(int seats, int queue, int lendable = 0, int most = int.MaxValue) => new()
    {
        Name = "test",
        Uid = "u",
        Seats = seats,
        Lendable = lendable,
        MaxSeats = most,
        IsExempt = false,
        QueueLength = queue,
        MaxWaiting = 100,
    };

    private static SeatWaiter Wait(PriorityLevel level, string flow)
    {
        Assert.Null(level.Enter(flow, 1, out SeatWaiter? waiter));
        return waiter!;
    }
}
