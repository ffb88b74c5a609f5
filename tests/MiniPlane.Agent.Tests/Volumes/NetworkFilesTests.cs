using MiniPlane.Agent.Pods;
using MiniPlane.Agent.Runtime;
using MiniPlane.Agent.Tests.Fakes;
using MiniPlane.Agent.Volumes;

namespace MiniPlane.Agent.Tests.Volumes;

public sealed class NetworkFilesTests
{
    private const string Host = "nameserver 10.0.0.53\nsearch site.example\noptions edns0\n";

    [Fact]
    public void The_kernels_name_is_the_full_one_when_the_pod_wants_it_and_only_as_long_as_the_kernel_takes()
    {
        const string Subdomain = "\"hostname\":\"h\",\"subdomain\":\"sub\",\"setHostnameAsFQDN\":true";
        PodContext wanted = Contexts.Make("{" + Subdomain + "}");
        PodContext plain = Contexts.Make("""{"hostname":"h","subdomain":"sub"}""");
        PodContext tooLong = Contexts.Make("{" + Subdomain.Replace("\"h\"", $"\"{new string('x', 50)}\"", StringComparison.Ordinal) + "}");

        Assert.Equal("h.sub.default.svc.cluster.local", wanted.KernelHostName);
        Assert.Equal("h", plain.KernelHostName);
        ContainerStartException refused = Assert.Throws<ContainerStartException>(() => _ = tooLong.KernelHostName);
        Assert.Contains("is too long (64 characters is the max, 80 characters requested)", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Hosts_names_the_pod_its_aliases_and_the_cluster()
    {
        string hosts = NetworkFiles.Hosts(
            Contexts.Make("""{"hostname":"db-0","subdomain":"db","hostAliases":[{"ip":"1.2.3.4","hostnames":["x","y"]}]}"""), "10.9.9.9\tapi\n");

        Assert.StartsWith("# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n", hosts, StringComparison.Ordinal);
        Assert.Contains("10.1.0.7\tdb-0.db.default.svc.cluster.local\tdb-0\n", hosts, StringComparison.Ordinal);
        Assert.Contains("# Entries added by HostAliases.\n1.2.3.4\tx\ty\n", hosts, StringComparison.Ordinal);
        Assert.EndsWith("10.9.9.9\tapi\n", hosts, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10.0.0.2", "search default.svc.cluster.local svc.cluster.local cluster.local site.example\nnameserver 10.0.0.2\noptions ndots:5\n")]
    [InlineData("10.0.0.2:53", "search default.svc.cluster.local svc.cluster.local cluster.local site.example\nnameserver 10.0.0.2\noptions ndots:5\n")]
    [InlineData("10.0.0.2:8053", "search site.example\nnameserver 10.0.0.53\noptions edns0\n")]
    [InlineData("", "search site.example\nnameserver 10.0.0.53\noptions edns0\n")]
    public void The_clusters_dns_is_named_only_on_its_standard_port(string server, string expected) =>
        Assert.Equal(expected, NetworkFiles.Resolv(Contexts.Make("{}") with { DnsServer = server }, Host));

    [Fact]
    public void A_policy_of_none_leaves_only_what_the_pod_says() => Assert.Equal(
        "search a.b\nnameserver 9.9.9.9\noptions ndots:2\n",
        NetworkFiles.Resolv(
            Contexts.Make("""{"dnsPolicy":"None","dnsConfig":{"nameservers":["9.9.9.9"],"searches":["a.b"],"options":[{"name":"ndots","value":"2"}]}}"""),
            Host));
}
