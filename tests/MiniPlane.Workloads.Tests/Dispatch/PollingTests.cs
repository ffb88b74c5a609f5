using MiniPlane.Testing;

namespace MiniPlane.Workloads.Tests.Dispatch;

/// <summary>What following jobs costs the backend.</summary>
public sealed class PollingTests
{
    private const int Polls = 4;

    private readonly FakeBackend _backend = new();

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(500)]
    public async Task All_jobs_are_asked_for_once_per_interval_however_many_pods_there_are(int pods)
    {
        using var rig = new Rig(_backend);
        _backend.Time = rig.Time;
        for (int i = 0; i < pods; i++)
        {
            await rig.CreatePodAsync($"p{i}");
        }

        await rig.RoundAsync();

        // What was just submitted is looked for more often, for a while.
        await rig.PassAsync(TimeSpan.FromMinutes(1));
        _backend.Asked.Clear();
        await rig.Poller.StartAsync(default);
        await Eventually.TrueAsync(
            () =>
            {
                rig.Time.Advance(TimeSpan.FromSeconds(1));
                return _backend.Asked.Count >= Polls;
            },
            "the jobs are asked for");
        await rig.Poller.StopAsync(default);

        DateTimeOffset[] asked = [.. _backend.Asked];
        Assert.All(asked.Zip(asked.Skip(1)), pair => Assert.True(pair.Second - pair.First >= rig.Options.PollInterval, $"{pair.First:T} and {pair.Second:T}"));
        Assert.Equal(pods, _backend.Jobs.Count);
        Assert.Equal(0, _backend.AskedForOne);
    }
}
