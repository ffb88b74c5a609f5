using MiniPlane.Agent.Runtime;

namespace MiniPlane.Agent.Tests.Runtime;

public sealed class UserNamespaceEntryTests
{
    [Fact]
    public void A_namespace_of_many_users_is_entered_as_the_containers_user()
    {
        Assert.Equal(["--user", "--setuid", "0", "--setgid", "0"], UserNamespaceEntry.Arguments(isOwn: false, hasOneUser: false, ContainerUser.Root));
    }

    [Fact]
    public void A_namespace_of_one_user_is_entered_as_who_one_is()
    {
        Assert.Equal(["--user", "--preserve-credentials"], UserNamespaceEntry.Arguments(isOwn: false, hasOneUser: true, ContainerUser.Root));
    }

    [Fact]
    public void Ones_own_namespace_is_not_entered()
    {
        Assert.Equal(["--setuid", "0", "--setgid", "0"], UserNamespaceEntry.Arguments(isOwn: true, hasOneUser: false, ContainerUser.Root));
        Assert.DoesNotContain("--user", UserNamespaceEntry.Arguments(Environment.ProcessId, ContainerUser.Root));
    }
}
