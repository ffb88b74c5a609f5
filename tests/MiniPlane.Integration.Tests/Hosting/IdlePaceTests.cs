using MiniPlane.Hosting;

namespace MiniPlane.Integration.Tests.Hosting;

public sealed class IdlePaceTests
{
    private const long Mebibyte = 1 << 20;

    [Fact]
    public void Memory_is_collected_once_when_a_burst_is_over()
    {
        var pace = new IdlePace(0);
        Assert.True(pace.IsTimeToCollect(30 * Mebibyte));
        Assert.False(pace.IsTimeToCollect(230 * Mebibyte));
        Assert.False(pace.IsTimeToCollect(330 * Mebibyte));
        Assert.True(pace.IsTimeToCollect(350 * Mebibyte));
        Assert.False(pace.IsTimeToCollect(370 * Mebibyte));
    }

    [Fact]
    public void A_server_whose_polls_go_on_collects_once_after_its_start()
    {
        var pace = new IdlePace(0);
        int collections = Enumerable.Range(1, 100).Count(i => pace.IsTimeToCollect(i * 20 * Mebibyte));
        Assert.Equal(1, collections);
    }

    [Fact]
    public void A_server_with_steady_work_is_left_alone()
    {
        var pace = new IdlePace(0);
        Assert.DoesNotContain(Enumerable.Range(1, 100), i => pace.IsTimeToCollect(i * 100 * Mebibyte));
    }
}
