using MiniPlane.Agent.Pods;
using MiniPlane.Agent.Views;

namespace MiniPlane.Agent.Tests.Pods;

public sealed class RestartRulesTests
{
    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 10)]
    [InlineData(3, 20)]
    [InlineData(4, 40)]
    [InlineData(6, 160)]
    [InlineData(7, 300)]
    [InlineData(500, 300)]
    public void The_delay_doubles_from_ten_seconds_to_five_minutes(int failure, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), RestartRules.DelayBefore(failure));

    [Theory]
    [InlineData("Always", 0, true)]
    [InlineData("OnFailure", 0, false)]
    [InlineData("OnFailure", 1, true)]
    [InlineData("Never", 1, false)]
    public void The_policy_decides_for_containers(string policy, int exitCode, bool expected) =>
        Assert.Equal(expected, RestartRules.RunsAgain(ContainerKind.Main, policy, exitCode));

    [Theory]
    [InlineData("Always", 0, false)]
    [InlineData("Always", 1, true)]
    [InlineData("Never", 1, false)]
    public void An_init_container_runs_until_it_succeeds(string policy, int exitCode, bool expected) =>
        Assert.Equal(expected, RestartRules.RunsAgain(ContainerKind.Init, policy, exitCode));

    [Theory]
    [InlineData("In", 42, "Never", 42, true)]
    [InlineData("In", 42, "Never", 1, false)]
    [InlineData("In", 42, "OnFailure", 1, true)]
    [InlineData("NotIn", 42, "Never", 1, true)]
    [InlineData("NotIn", 42, "Never", 42, false)]
    public void A_containers_rules_come_before_its_policy_and_that_before_the_pods(string @operator, int value, string own, int exitCode, bool expected)
    {
        ContainerView container = new()
        {
            RestartPolicy = own,
            RestartPolicyRules = [new RestartRuleView { Action = "Restart", ExitCodes = new ExitCodesView { Operator = @operator, Values = [value] } }],
        };

        Assert.Equal(expected, RestartRules.RunsAgain(ContainerKind.Main, container, "Always", exitCode));
    }

    [Theory]
    [InlineData("RestartAllContainers", "Restart", true)]
    [InlineData("Restart", "RestartAllContainers", false)]
    public void The_first_rule_that_fits_says_whether_all_begin_anew(string first, string second, bool expected)
    {
        ExitCodesView any = new() { Operator = "NotIn", Values = [0] };
        ContainerView container = new()
        {
            RestartPolicy = "Never",
            RestartPolicyRules = [new RestartRuleView { Action = first, ExitCodes = any }, new RestartRuleView { Action = second, ExitCodes = any }],
        };

        Assert.Equal(expected, RestartRules.RestartsAll(container, 7));
        Assert.False(RestartRules.RestartsAll(container, 0));
        Assert.True(RestartRules.RunsAgain(ContainerKind.Main, container, "Never", 7));
        Assert.True(RestartRules.CouldRestartAll(new PodSpecView { Containers = [container] }));
    }

    [Fact]
    public void A_sidecar_always_runs_again() => Assert.True(RestartRules.RunsAgain(ContainerKind.Sidecar, "Never", 0));
}
