using MiniPlane.Agent.Pods;
using MiniPlane.Agent.Views;

namespace MiniPlane.Agent.Tests.Pods;

public sealed class UnsupportedSettingsTests
{
    [Theory]
    [InlineData("RestartAllContainers", true, true)]
    [InlineData("RestartAllContainers", false, false)]
    [InlineData("Restart", true, false)]
    public void A_rule_that_would_restart_other_containers_too_is_told_of_once(string action, bool hasOthers, bool isTold)
    {
        ContainerView watcher = new() { Name = "watcher", RestartPolicyRules = [new RestartRuleView { Action = action }, new RestartRuleView { Action = action }] };
        PodSpecView pod = new() { InitContainers = [watcher], Containers = hasOthers ? [new ContainerView { Name = "main" }] : [] };

        (string Reason, string Message, string FieldPath)[] told = [.. UnsupportedSettings.Of(pod)];

        Assert.Equal(
            isTold ? [("RestartAllContainersIgnored", "spec.initContainers{watcher}")] : Array.Empty<(string, string)>(),
            told.Select(one => (one.Reason, one.FieldPath)));
    }
}
