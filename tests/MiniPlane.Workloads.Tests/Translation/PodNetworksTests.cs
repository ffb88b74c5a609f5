using MiniPlane.Objects.Errors;
using MiniPlane.Workloads.Backends;
using MiniPlane.Workloads.Site;
using MiniPlane.Workloads.Translation;
using MiniPlane.Workloads.Views;

namespace MiniPlane.Workloads.Tests.Translation;

public sealed class PodNetworksTests
{
    private static readonly SiteSettings Site = SiteSettings.Default with { Networks = ["flannel", "ib", "host"], NetworkArguments = ["IP=10.0.0.9"], Apptainer = "/opt/apptainer" };

    [Theory]
    [InlineData("", "flannel")]
    [InlineData("ib", "ib")]
    [InlineData("host", "")]
    public void A_pod_joins_the_network_that_it_names_or_the_sites_first(string wanted, string network)
    {
        Assert.Equal(network, Translate(Pod(wanted), Site)?.Network);
    }

    [Fact]
    public void Without_networks_of_the_site_or_with_host_first_a_pod_has_its_nodes()
    {
        Assert.Equal("", Translate(Pod(""), SiteSettings.Default)?.Network);
        Assert.Equal("", Translate(Pod(""), Site with { Networks = ["host", "ib"] })?.Network);
        Assert.Equal("ib", Translate(Pod("ib"), Site with { Networks = ["host", "ib"] })?.Network);
    }

    [Fact]
    public void A_pod_with_hostNetwork_and_a_job_of_many_tasks_have_their_nodes_networks()
    {
        PodView host = Pod("");
        host.Spec.HostNetwork = true;
        PodView tasks = Pod("");
        tasks.Metadata.Annotations["slurm.miniplane.io/ntasks"] = "2";

        Assert.Equal("", Translate(host, Site)?.Network);
        Assert.Equal("", Translate(tasks, Site)?.Network);
    }

    [Fact]
    public void What_a_pod_cannot_have_is_refused_when_it_is_created()
    {
        PodView unknown = Pod("flanel");
        PodView host = Pod("ib");
        host.Spec.HostNetwork = true;
        PodView tasks = Pod("ib");
        tasks.Metadata.Annotations["slurm.miniplane.io/nodes"] = "2";

        foreach (PodView pod in new[] { unknown, host, tasks })
        {
            var errors = new FieldErrors();
            Assert.Null(PodToJob.Translate(pod, GoldenJobTests.Placement("u"), Site, errors));
            Assert.Equal("metadata.annotations[miniplane.io/pod-network]", Assert.Single(errors.Causes).Field);
        }

        // Admission looks only at pods with annotations that are read.
        Assert.True(PodToJob.Reads(WorkloadAnnotations.PodNetwork));
    }

    [Fact]
    public void The_agent_is_told_the_network_its_arguments_and_which_Apptainer_makes_it()
    {
        Wire.Agent.AgentNetwork? network = PodNetworks.ForAgent("ib", Site);

        Assert.Equal(("ib", "/opt/apptainer"), (network?.Name, network?.Apptainer));
        Assert.Equal(["IP=10.0.0.9"], network!.Arguments);
        Assert.Null(PodNetworks.ForAgent("", Site));
    }

    [Fact]
    public void A_control_plane_that_listens_on_loopback_alone_is_reached_from_no_network()
    {
        Assert.Contains("--bind", PodNetworks.Unreachable(["https://127.0.0.1:6443", "https://localhost:6443"]), StringComparison.Ordinal);
        Assert.Null(PodNetworks.Unreachable(["https://127.0.0.1:6443", "https://login1:6443"]));
    }

    private static JobRequest? Translate(PodView pod, SiteSettings site) =>
        PodToJob.Translate(pod, GoldenJobTests.Placement("u"), site, new FieldErrors());

    private static PodView Pod(string network)
    {
        var annotations = new Dictionary<string, string>(StringComparer.Ordinal);
        if (network.Length > 0)
        {
            annotations[WorkloadAnnotations.PodNetwork] = network;
        }

        return new PodView { Metadata = new PodMetadataView { Name = "p", Namespace = "default", Uid = "u", Annotations = annotations } };
    }
}
