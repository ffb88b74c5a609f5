using MiniPlane.Wire.Agent;

namespace MiniPlane.Wire.Tests.Agent;

public sealed class StreamCreditTests
{
    [Fact]
    public async Task A_sender_goes_on_until_its_credit_is_used_and_then_waits_for_the_reader()
    {
        StreamCredit credit = new(10_000);

        await credit.TakeAsync(9_000, CancellationToken.None);
        await credit.TakeAsync(30_000, CancellationToken.None);
        Task third = credit.TakeAsync(1, CancellationToken.None).AsTask();
        credit.Give(9_000);
        bool early = third.IsCompleted;
        credit.Give(30_000);

        await third;
        Assert.False(early);
    }

    [Fact]
    public async Task A_reader_that_does_not_count_is_never_waited_for()
    {
        StreamCredit credit = new(0);

        for (int i = 0; i < 1000; i++)
        {
            await credit.TakeAsync(1_000_000, CancellationToken.None);
        }
    }

    [Fact]
    public void Many_small_messages_fit_into_the_queue_that_the_window_asks_for()
    {
        StreamCredit credit = new(StreamCredit.DefaultWindow);
        int sent = 0;
        while (credit.TakeAsync(1, CancellationToken.None).AsTask().IsCompleted)
        {
            sent++;
        }

        Assert.InRange(sent, 1, StreamCredit.MostMessages(StreamCredit.DefaultWindow));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5_000)]
    [InlineData(32_768)]
    public async Task Who_reads_everything_never_leaves_the_sender_without_credit(int size)
    {
        StreamCredit credit = new(StreamCredit.DefaultWindow);
        StreamReceipt receipt = new(StreamCredit.DefaultWindow);

        for (int i = 0; i < 2_000; i++)
        {
            Task sending = credit.TakeAsync(size, CancellationToken.None).AsTask();
            Assert.True(sending.IsCompleted);
            await sending;
            credit.Give(receipt.Take(size));
        }
    }
}
