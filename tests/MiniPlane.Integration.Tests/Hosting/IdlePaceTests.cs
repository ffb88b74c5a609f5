using MiniPlane.Hosting;

namespace MiniPlane.Integration.Tests.Hosting;

public sealed class IdlePaceTests
{
    private const long Mebibyte = 1 << 20;

    [Fact]
    public void Memory_is_collected_once_when_a_burst_is_over()
    {
        var pace = new IdlePace(0);
        Assert.False(pace.IsTimeToCollect(100 * Mebibyte));
        Assert.False(pace.IsTimeToCollect(200 * Mebibyte));
        Assert.True(pace.IsTimeToCollect(201 * Mebibyte));
        Assert.False(pace.IsTimeToCollect(202 * Mebibyte));
    }

    [Fact]
    public void A_server_at_rest_collects_rarely()
    {
        var pace = new IdlePace(0);
        int collections = Enumerable.Range(1, 100).Count(i => pace.IsTimeToCollect(i * Mebibyte));
        Assert.Equal(3, collections);
    }
}
