using Microsoft.Extensions.Logging.Abstractions;
using MiniPlane.Agent.Images;

namespace MiniPlane.Agent.Tests.Images;

public sealed class CacheSweepTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("mp-sweep").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task The_longest_unused_go_until_a_fifth_is_free_and_none_that_a_pod_uses()
    {
        foreach ((string name, int hours) in new[] { ("used", 50), ("oldest", 40), ("old", 30), ("young", 1) })
        {
            Make($"{name}.sif", 300, hours);
        }

        Make("oldest.squashfs", 100, 40);
        using ImageUses pod = new(_directory, "pod", TimeProvider.System);
        pod.Add("used.sif");

        await CacheSweep.RunAsync(_directory, 1150, NullLogger.Instance, TimeProvider.System);

        Assert.Equal(["old.sif", "used.sif", "young.sif"], [.. Left("*.sif")]);
        Assert.Empty(Left("*.squashfs"));

        pod.Dispose();
        Backdate("uses/used.sif", 0);
        await CacheSweep.RunAsync(_directory, 500, NullLogger.Instance, TimeProvider.System);

        Assert.Equal(["used.sif"], Left("*.sif"));
    }

    [Fact]
    public async Task With_room_enough_nothing_goes_and_without_a_limit_neither()
    {
        Make("a.sif", 300, 100);

        await CacheSweep.RunAsync(_directory, 300, NullLogger.Instance, TimeProvider.System);
        await CacheSweep.RunAsync(_directory, 0, NullLogger.Instance, TimeProvider.System);

        Assert.Equal(["a.sif"], Left("*"));
    }

    [Fact]
    public async Task An_image_that_was_just_pulled_and_a_pull_under_way_stay()
    {
        Make("new.sif", 300, 0);
        Make("b.sif.node.1.partial", 300, 1);
        Make("c.sif.node.2.partial", 300, 48);

        await CacheSweep.RunAsync(_directory, 100, NullLogger.Instance, TimeProvider.System);

        Assert.Equal(["b.sif.node.1.partial", "new.sif"], Left("*"));
    }

    [Fact]
    public void The_mark_of_a_pod_whose_agent_was_killed_counts_no_more_after_a_while()
    {
        ImageUses killed = new(_directory, "killed", TimeProvider.System);
        killed.Add("a.sif");
        DateTime now = SharedFile.Now(_directory);

        Assert.True(ImageUses.IsUsed(_directory, "a.sif", now));
        Assert.False(ImageUses.IsUsed(_directory, "a.sif", now.AddMinutes(21)));
    }

    [Fact]
    public void A_turn_is_taken_from_an_owner_that_is_gone_and_not_from_one_that_lives()
    {
        string path = Path.Combine(_directory, "x.lock");
        var first = PullLock.TryAcquire(path, TimeProvider.System);

        Assert.NotNull(first);
        Assert.Null(PullLock.TryAcquire(path, TimeProvider.System));

        File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch);
        Assert.Null(PullLock.TryAcquire(path, TimeProvider.System));
        Assert.NotNull(PullLock.TryAcquire(path, TimeProvider.System));
        Assert.Equal(["x.lock"], Left("*"));
    }

    private void Make(string name, int bytes, int hoursAgo)
    {
        File.WriteAllBytes(Path.Combine(_directory, name), new byte[bytes]);
        Backdate(name, hoursAgo);
    }

    private void Backdate(string name, int hoursAgo)
    {
        string path = Path.Combine(_directory, name);
        DateTime time = TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(-hoursAgo);
        if (Directory.Exists(path))
        {
            Directory.SetLastWriteTimeUtc(path, time);
        }
        else
        {
            File.SetLastWriteTimeUtc(path, time);
        }
    }

    private IEnumerable<string> Left(string pattern) =>
        Directory.GetFiles(_directory, pattern).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);
}
