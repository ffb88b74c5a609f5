using MiniPlane.Objects.Documents;
using MiniPlane.Workloads.Backends;
using MiniPlane.Workloads.Dispatch;
using MiniPlane.Workloads.Site;

namespace MiniPlane.Workloads.Tests.Dispatch;

/// <summary>Pods beyond what the account or the site lets in.</summary>
public sealed class LimitTests
{
    private readonly FakeBackend _backend = new();

    [Fact]
    public async Task Pods_beyond_the_accounts_limit_wait_together_and_are_told_once()
    {
        _backend.NextSubmits.Enqueue(new SubmitOutcome.Limited("QOSMaxSubmitJobPerUserLimit"));
        using var rig = new Rig(_backend);
        await rig.CreatePodAsync("a");
        await rig.CreatePodAsync("b");

        await rig.RoundAsync();

        Assert.Empty(_backend.Submitted);
        Assert.Equal("SlurmSubmitLimit", rig.Pod("b").Objects("status", "containerStatuses").First().Text("state", "waiting", "reason"));
        Assert.Equal(2, rig.Events.Count(reason => reason == "SubmitLimitReached"));

        await rig.PassAsync(TimeSpan.FromSeconds(11));
        Assert.Equal(2, _backend.Submitted.Count);
    }

    [Fact]
    public async Task The_end_of_a_job_lets_the_oldest_pod_that_waits_try_at_once_and_no_other()
    {
        using var rig = new Rig(_backend);
        string ended = await rig.CreatePodAsync("a");
        await rig.RoundAsync();
        _backend.NextSubmits.Enqueue(new SubmitOutcome.Limited("QOSMaxSubmitJobPerUserLimit"));
        string oldest = await rig.CreatePodAsync("b");
        await rig.RoundAsync();
        await rig.PassAsync(TimeSpan.FromSeconds(2));
        await rig.CreatePodAsync("c");
        await rig.RoundAsync();
        await rig.TakeDueAsync();

        _backend.Set(_backend.Jobs.Keys.Single(), JobState.Completed);
        await rig.PollAsync();

        Assert.Equal([ended, oldest], (await rig.TakeDueAsync()).OrderBy(uid => uid == oldest));
        await rig.RoundAsync();
        Assert.Equal(3, _backend.Submitted.Count);
    }

    [Fact]
    public async Task Room_that_somebody_else_took_costs_one_try_and_the_pause_goes_on()
    {
        using var rig = new Rig(_backend);
        await rig.CreatePodAsync("a");
        await rig.RoundAsync();
        _backend.NextSubmits.Enqueue(new SubmitOutcome.Limited("QOSMaxSubmitJobPerUserLimit"));
        await rig.CreatePodAsync("b");
        await rig.CreatePodAsync("c");
        await rig.RoundAsync();

        _backend.NextSubmits.Enqueue(new SubmitOutcome.Limited("QOSMaxSubmitJobPerUserLimit"));
        _backend.Set(_backend.Jobs.Keys.Single(), JobState.Completed);
        await rig.RoundAsync();
        await rig.PassAsync(TimeSpan.FromSeconds(15));

        Assert.Empty(_backend.NextSubmits);
        Assert.Single(_backend.Submitted);
        await rig.PassAsync(TimeSpan.FromSeconds(6));
        Assert.Equal(3, _backend.Submitted.Count);
    }

    [Fact]
    public async Task A_pod_that_waits_for_others_of_its_array_keeps_its_place_when_the_cluster_is_found_full_meanwhile()
    {
        SiteSettings site = SiteSettings.Default with { Limits = new PodLimits { Jobs = 1 } };
        using var rig = new Rig(_backend, site: site);
        await rig.CreatePodAsync("a");
        await rig.RoundAsync();
        await rig.CreatePodAsync("b");
        await rig.RoundAsync();
        rig.Board.Show([], rig.Time.GetUtcNow() + TimeSpan.FromHours(1));
        JobQuota quota = new(rig.Board, rig.Ledger, rig.Options);
        string a = rig.Pod("a").Text("metadata", "uid") ?? "";
        string b = rig.Pod("b").Text("metadata", "uid") ?? "";

        Assert.True(quota.TryEnter(a, out _));
        Assert.False(quota.TryEnter(b, out _));
        Assert.True(quota.TryEnter(a, out _));
        quota.Leave(a);
        Assert.False(quota.TryEnter(b, out _));
    }

    [Fact]
    public async Task Pods_beyond_the_sites_limit_wait_for_the_end_of_others_jobs()
    {
        using var rig = new Rig(_backend, site: SiteSettings.Default with { Limits = new PodLimits { Jobs = 1 } });
        await rig.CreatePodAsync("a");
        await rig.RoundAsync();
        await rig.CreatePodAsync("b");
        await rig.RoundAsync();

        Assert.Single(_backend.Submitted);
        Assert.Equal("SlurmSubmitLimit", rig.Pod("b").Objects("status", "containerStatuses").First().Text("state", "waiting", "reason"));

        _backend.Set(_backend.Jobs.Keys.Single(), JobState.Completed);
        await rig.PassAsync(TimeSpan.FromSeconds(15));
        Assert.Equal(2, _backend.Submitted.Count);
    }
}
