using MiniPlane.Testing;
using MiniPlane.Workloads.Dispatch;
using MiniPlane.Workloads.Site;

namespace MiniPlane.Workloads.Tests.Dispatch;

public sealed class SubmissionGateTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void It_is_open_where_the_site_sets_no_rate()
    {
        SubmissionGate gate = Make(0);

        Assert.All(Enumerable.Range(0, 100), _ => Assert.Equal(TimeSpan.Zero, gate.Enter()));
    }

    [Fact]
    public void So_many_pass_in_a_second_as_the_site_says()
    {
        SubmissionGate gate = Make(4);

        Assert.Equal(TimeSpan.Zero, gate.Enter());
        Assert.Equal(TimeSpan.FromMilliseconds(250), gate.Enter());
        _time.Advance(TimeSpan.FromMilliseconds(250));
        Assert.Equal(TimeSpan.Zero, gate.Enter());
    }

    [Fact]
    public void A_full_account_closes_it_for_all_and_for_longer_each_time()
    {
        SubmissionGate gate = Make(0);

        Assert.Equal(TimeSpan.FromSeconds(10), gate.Close("full"));
        Assert.Equal(TimeSpan.FromSeconds(10), gate.Close("full"));
        Assert.Equal(TimeSpan.FromSeconds(10), gate.Enter());
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(TimeSpan.Zero, gate.Enter());
        Assert.Equal(TimeSpan.FromSeconds(20), gate.Close("full"));
        gate.Open();
        Assert.Equal(TimeSpan.Zero, gate.Enter());
        Assert.Equal(TimeSpan.FromSeconds(10), gate.Close("full"));
    }

    internal static SubmissionGate Make(int perSecond, TimeProvider time) => new(
        new WorkloadsOptions { DataDirectory = "/d", ClusterId = "c", Site = new SiteSettings { SubmitsPerSecond = perSecond } }, time);

    private SubmissionGate Make(int perSecond) => Make(perSecond, _time);
}
