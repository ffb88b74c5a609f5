using MiniPlane.Agent.Images;
using MiniPlane.Agent.Runtime;

namespace MiniPlane.Agent.Tests.Runtime;

public sealed class ContainerUserTests
{
    private const string Accounts = "root:x:0:0:root:/root:/bin/sh\napp:x:1000:1001:app:/home/app:/bin/sh\n";
    private const string Groups = "root:x:0:\nweb:x:33:\n";

    [Theory]
    [InlineData("", "", 0, 0, "/root")]
    [InlineData("app", "", 1000, 1001, "/home/app")]
    [InlineData("1000", "", 1000, 1001, "/home/app")]
    [InlineData("app", "web", 1000, 33, "/home/app")]
    [InlineData("4711", "5", 4711, 5, "/")]
    public void The_images_user_is_looked_up_in_its_own_accounts(string user, string group, long uid, long gid, string home) =>
        Assert.Equal(new ContainerUser(uid, gid, home), ContainerUser.Resolve(Setup(), user, group, Accounts, Groups));

    [Fact]
    public void The_pods_user_wins_over_the_images() => Assert.Equal(
        new ContainerUser(1000, 7, "/home/app"),
        ContainerUser.Resolve(Setup() with { RunAsUser = 1000, RunAsGroup = 7 }, "root", "web", Accounts, Groups));

    [Theory]
    [InlineData(null, "", "container has runAsNonRoot and image will run as root")]
    [InlineData(0L, "", "container's runAsUser breaks non-root policy")]
    [InlineData(null, "app", "container has runAsNonRoot and image has non-numeric user (app), cannot verify user is non-root")]
    public void A_pod_that_must_not_be_root_is_held_to_it(long? runAsUser, string imageUser, string message)
    {
        ContainerStartException error = Assert.Throws<ContainerStartException>(() => ContainerUser.Resolve(
            Setup() with { RunAsNonRoot = true, RunAsUser = runAsUser }, imageUser, "", Accounts, Groups));

        Assert.Equal(("CreateContainerConfigError", message), (error.Reason, error.Message));
    }

    private static ContainerSetup Setup() => new()
    {
        Name = "main",
        HostName = "web",
        Image = PulledImage.None,
        Command = [],
        Arguments = [],
        Environment = new Dictionary<string, string>(StringComparer.Ordinal),
        WorkingDirectory = "",
        Mounts = [],
        Scratch = "",
    };
}
