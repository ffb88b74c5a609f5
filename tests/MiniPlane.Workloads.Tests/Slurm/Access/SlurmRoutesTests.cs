using MiniPlane.Workloads.Slurm.Access;
using MiniPlane.Workloads.Slurm.Rest;

namespace MiniPlane.Workloads.Tests.Slurm.Access;

public sealed class SlurmRoutesTests
{
    private static readonly Dictionary<string, string> Host = new(StringComparer.Ordinal) { ["PATH"] = "/usr/local/bin:/usr/bin" };

    private static readonly Dictionary<string, string> Container = new(StringComparer.Ordinal)
    {
        ["APPTAINER_CONTAINER"] = "/home/a/miniplane.sif",
        ["PATH"] = "/opt/miniplane:/usr/bin",
        ["USER_PATH"] = "/usr/bin:/home/a/bin",
    };

    [Fact]
    public void In_a_container_PATH_comes_first_then_the_host_then_the_prefix()
    {
        SlurmRoute[] found = Find(Container, ["ssh", "login1"], "/usr/bin/sinfo", "/host/usr/bin/sinfo");

        Assert.Collection(
            found,
            route => Assert.IsType<SlurmRoute.Direct>(route),
            route => Assert.Equal(new SlurmRoute.HostRoot("/host"), route),
            route => Assert.IsType<SlurmRoute.RemoteShell>(route));
    }

    [Fact]
    public void Slurmrestd_comes_after_commands_at_hand_and_before_the_prefix()
    {
        SlurmRoutes routes = Routes(Container, ["ssh", "login1"], "/host/usr/bin/sinfo", Address);

        Assert.Collection(
            routes.Find(),
            route => Assert.IsType<SlurmRoute.HostRoot>(route),
            route => Assert.Equal(new SlurmRoute.Rest(Address), route),
            route => Assert.IsType<SlurmRoute.RemoteShell>(route));
        Assert.IsType<SlurmRoute.Rest>(Routes(Host, [], "/usr/bin/sinfo", Address).Find()[1]);
    }

    [Fact]
    public void Slurmrestd_alone_is_taken_where_it_is_asked_for()
    {
        var reach = SlurmReach.Find(Routes(Host, [], "/usr/bin/sinfo", Address), "slurmrestd", _ => throw new InvalidOperationException("nothing to choose"));

        Assert.IsType<SlurmRoute.Rest>(reach.Route);
        Assert.True(reach.HasSlurm);
    }

    [Fact]
    public void A_site_that_keeps_Slurm_off_everybodys_PATH_is_found()
    {
        SlurmRoute[] found = Find(Container, [], "/host/opt/slurm/bin/sinfo");

        Assert.Equal([new SlurmRoute.HostRoot("/host", "/opt/slurm/bin")], found);
    }

    [Fact]
    public void On_a_host_the_sites_prefix_is_not_second_to_anything()
    {
        SlurmRoute[] found = Find(Host, ["wrapper", "--slurm"], "/usr/bin/sinfo");

        Assert.IsType<SlurmRoute.Prefix>(Assert.Single(found));
    }

    [Fact]
    public void The_first_way_by_which_Slurm_answers_is_taken()
    {
        var reach = SlurmReach.Find(
            Routes(Container, ["ssh", "login1"], "/usr/bin/sinfo", "/host/usr/bin/sinfo"), "auto", route => route is SlurmRoute.HostRoot);

        Assert.IsType<SlurmRoute.HostRoot>(reach.Route);
        Assert.True(reach.HasSlurm);
        Assert.Empty(reach.Advice);
    }

    [Fact]
    public void Where_none_answers_the_first_says_why()
    {
        var reach = SlurmReach.Find(Routes(Container, [], "/host/usr/bin/sinfo"), "auto", _ => false);

        Assert.IsType<SlurmRoute.HostRoot>(reach.Route);
        Assert.True(reach.HasSlurm);
    }

    [Fact]
    public void A_container_without_any_way_is_for_Slurm_all_the_same_and_says_what_to_add()
    {
        var reach = SlurmReach.Find(Routes(Container, []), "auto", _ => throw new InvalidOperationException("there is nothing to try"));

        Assert.True(reach.HasSlurm);
        Assert.Contains("--bind /:/host", reach.Advice, StringComparison.Ordinal);
        Assert.Contains("commandPrefix: ssh", reach.Advice, StringComparison.Ordinal);
        Assert.Contains("install", reach.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void A_host_without_Slurm_runs_pods_itself()
    {
        var reach = SlurmReach.Find(Routes(Host, []), "auto", _ => false);

        Assert.False(reach.HasSlurm);
        Assert.Empty(reach.Advice);
    }

    private static readonly RestAddress Address = RestAddress.Parse("unix:/run/rest.sock");

    private static SlurmRoutes Routes(Dictionary<string, string> environment, string[] prefix, string file, RestAddress rest) =>
        new(prefix, environment.GetValueOrDefault, there => there == file) { Rest = rest };

    private static SlurmRoute[] Find(Dictionary<string, string> environment, string[] prefix, params string[] files) =>
        [.. Routes(environment, prefix, files).Find()];

    private static SlurmRoutes Routes(Dictionary<string, string> environment, string[] prefix, params string[] files) =>
        new(prefix, environment.GetValueOrDefault, file => files.Contains(file, StringComparer.Ordinal));
}
