using MiniPlane.Conformance.Tests.Rig;

namespace MiniPlane.Conformance.Tests.Commands;

/// <summary>A login node is shared: what belongs to one user stays with that user.</summary>
[Collection(ClusterCollection.Name)]
public sealed class AccessTests(Cluster cluster)
{
    [Fact]
    public void The_kubeconfig_and_the_data_directory_are_for_their_owner_alone()
    {
        const UnixFileMode OfOthers = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
            | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(cluster.ControlPlane.Kubeconfig));
        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(Path.GetDirectoryName(cluster.ControlPlane.Kubeconfig)!) & OfOthers);
    }

    [Fact]
    public async Task Whoever_has_no_credentials_gets_401()
    {
        await using Kubectl kubectl = await cluster.NewNamespaceAsync();
        string server = await kubectl.OkAsync("config", "view", "-o", "jsonpath={.clusters[0].cluster.server}");

        string code = (await cluster.Rig.RunAsync(
            "curl", "-sk", "-m", "10", "-o", "/dev/null", "-w", "%{http_code}", $"{server}/api/v1/namespaces/kube-system/secrets")).OrFail();
        string forged = (await cluster.Rig.RunAsync(
            "curl", "-sk", "-m", "10", "-o", "/dev/null", "-w", "%{http_code}", "-H", "Authorization: Bearer made-up", $"{server}/api/v1/pods")).OrFail();

        Assert.Equal("401", code);
        Assert.Equal("401", forged);
    }

    [Fact]
    public async Task A_second_process_is_refused_the_data_directory()
    {
        CommandResult second = await cluster.Rig.RunAsync(
            Path.Combine(cluster.Rig.App, "miniplane"), "up", "--data-dir", Path.GetDirectoryName(cluster.ControlPlane.Kubeconfig)!);

        Assert.Equal(3, second.ExitCode);
        await using Kubectl kubectl = await cluster.NewNamespaceAsync();
        Assert.Equal("ok", await kubectl.OkAsync("get", "--raw=/readyz"));
    }
}
