using MiniPlane.Agent.Pods;
using MiniPlane.Agent.Views;

namespace MiniPlane.Agent.Tests.Pods;

public sealed class UnsupportedSettingsTests
{
    [Fact]
    public void What_an_account_without_privileges_cannot_give_is_told_once_per_container()
    {
        ContainerSecurityView security = new() { Privileged = true };
        PodSpecView pod = new() { InitContainers = [new ContainerView { Name = "first", SecurityContext = security }], Containers = [new ContainerView { Name = "main" }] };

        (string Reason, string Message, string FieldPath) told = Assert.Single(UnsupportedSettings.Of(pod));

        Assert.Equal(("PrivilegedIgnored", "spec.initContainers{first}"), (told.Reason, told.FieldPath));
    }
}
