using MiniPlane.Objects.Errors;
using MiniPlane.Workloads.Site;

namespace MiniPlane.Workloads.Tests.Site;

public sealed class SiteFileTests
{
    [Fact]
    public void Settings_are_read_and_the_others_keep_their_defaults()
    {
        var errors = new FieldErrors();

        SiteSettings site = SiteFile.Parse(
            """
            sbatchFlags: --account=proj1
            commandPrefix: ssh login1
            priorityClasses: {high: --qos=high}
            insecureRegistries: [localhost:5000]
            podsPerNode: 50
            logRetention: 1h30m
            logRetentionSize: 2Gi
            networks: [fakeroot, host]
            networkArgs: ["portmap=8080:80/tcp"]
            """,
            errors);

        Assert.Empty(errors.Causes);
        Assert.Equal(("--account=proj1", 50, "nvidia.com/gpu"), (site.SbatchFlags, site.PodsPerNode, site.GpuNodeResource));
        Assert.Equal((TimeSpan.FromMinutes(90), 2L << 30), (site.LogRetention, site.LogRetentionBytes));
        Assert.Equal(["ssh", "login1"], site.CommandPrefix);
        Assert.Equal("--qos=high", site.PriorityClasses["high"]);
        Assert.Equal(["localhost:5000"], site.InsecureRegistries);
        Assert.Equal(["fakeroot", "host"], site.Networks);
        Assert.Equal(["portmap=8080:80/tcp"], site.NetworkArguments);
    }

    [Theory]
    [InlineData("partitons: x", "partitons")]
    [InlineData("podsPerNode: many", "podsPerNode")]
    [InlineData("logRetention: long", "logRetention")]
    [InlineData("logRetention: -1h", "logRetention")]
    [InlineData("logRetentionSize: -1", "logRetentionSize")]
    [InlineData("networks: [--bind]", "networks")]
    [InlineData("networkArgs: ['a b']", "networkArgs")]
    [InlineData("- a list", "(file)")]
    [InlineData("a: [unclosed", "(file)")]
    public void What_is_wrong_is_named(string yaml, string field)
    {
        var errors = new FieldErrors();

        SiteFile.Parse(yaml, errors);

        Assert.Equal(field, Assert.Single(errors.Causes).Field);
    }

    [Fact]
    public void A_users_own_file_narrows_the_sites_limits_and_does_not_widen_them()
    {
        var errors = new FieldErrors();
        SiteSettings site = SiteFile.Parse("limits: {jobs: 100, cpusPerPod: 8, timePerPod: 1-0}", errors);

        PodLimits limits = SiteFile.Parse("limits: {jobs: 500, cpusPerPod: 4, memoryPerPod: 2Gi}", site, errors).Limits;

        Assert.Empty(errors.Causes);
        Assert.Equal(new PodLimits { Jobs = 100, CpusPerPod = 4, MemoryMiBPerPod = 2048, TimePerPod = TimeSpan.FromDays(1) }, limits);
    }

    [Theory]
    [InlineData("limits: {cpus: 8}", "cpusPerPod")]
    [InlineData("limits: {memoryPerPod: much}", "64Gi")]
    [InlineData("limits: {timePerPod: soon}", "8:00:00")]
    public void A_wrong_limit_is_refused_with_what_is_right(string yaml, string right)
    {
        var errors = new FieldErrors();

        SiteFile.Parse(yaml, errors);

        Assert.Contains(right, Assert.Single(errors.Causes).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_file_says_nothing()
    {
        var errors = new FieldErrors();

        Assert.Equal(SiteSettings.Default, SiteFile.Parse("", errors));
        Assert.Empty(errors.Causes);
    }
}
