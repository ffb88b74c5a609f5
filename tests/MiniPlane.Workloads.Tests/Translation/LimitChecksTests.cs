using MiniPlane.Objects.Errors;
using MiniPlane.Workloads.Site;
using MiniPlane.Workloads.Translation;

namespace MiniPlane.Workloads.Tests.Translation;

public sealed class LimitChecksTests
{
    private static readonly PodLimits Limits = new() { CpusPerPod = 8, MemoryMiBPerPod = 4096, GpusPerPod = 2, TimePerPod = TimeSpan.FromHours(2) };

    [Theory]
    [InlineData("--cpus-per-task=9", "cpusPerPod")]
    [InlineData("--ntasks=5 --cpus-per-task=2", "cpusPerPod")]
    [InlineData("--nodes=2-3 --ntasks-per-node=3", "cpusPerPod")]
    [InlineData("--mem=5G", "memoryPerPod")]
    [InlineData("--mem=3G --nodes=2", "memoryPerPod")]
    [InlineData("--mem-per-cpu=1G --ntasks=5", "memoryPerPod")]
    [InlineData("--gres=gpu:a100:3", "gpusPerPod")]
    [InlineData("--gpus-per-node=2 --nodes=2", "gpusPerPod")]
    [InlineData("--time=3:00:00", "timePerPod")]
    [InlineData("--time=UNLIMITED", "timePerPod")]
    public void More_than_a_limit_is_refused_by_its_name(string flags, string limit)
    {
        (_, FieldErrors errors) = Apply(flags);

        Assert.Contains($"limits.{limit}", Assert.Single(errors.Causes).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--cpus-per-task=8 --mem=4G --gres=gpu:2,shard:9 --time=2:00:00")]
    [InlineData("--ntasks=8 --mem=512M --time=90")]
    public void As_much_as_a_limit_is_allowed(string flags) => Assert.True(Apply(flags).Errors.IsEmpty);

    [Fact]
    public void A_job_without_a_time_limit_gets_the_longest() => Assert.Equal("120", Apply("--mem=1G").Flags.Find("time"));

    [Fact]
    public void Without_limits_nothing_is_changed()
    {
        var flags = new FlagSet();
        LimitChecks.Apply(flags, PodLimits.None, new FieldErrors());

        Assert.Empty(flags.Flags);
    }

    private static (FlagSet Flags, FieldErrors Errors) Apply(string line)
    {
        var errors = new FieldErrors();
        var flags = new FlagSet();
        foreach (SbatchFlag flag in FlagParser.Parse(line, "flags", errors))
        {
            flags.Set(flag);
        }

        LimitChecks.Apply(flags, Limits, errors);
        return (flags, errors);
    }
}
