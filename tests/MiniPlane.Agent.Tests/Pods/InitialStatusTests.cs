using MiniPlane.Agent.Pods;
using MiniPlane.Agent.Views;

namespace MiniPlane.Agent.Tests.Pods;

public sealed class InitialStatusTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, null)]
    [InlineData(1, "ContainerStatusUnknown")]
    public void A_container_that_ran_in_an_earlier_life_of_the_job_has_ended_with_it(int firstRun, string? reason)
    {
        PodView pod = new() { Spec = new() { Containers = [new() { Name = "a" }] } };
        pod.Status.ContainerStatuses = [new() { Name = "a", State = new() { Running = new() { StartedAt = Now.AddHours(-1) } } }];

        ContainerStatus status = Assert.Single(PodRunner.InitialStatus(pod, _ => firstRun, Now));

        Assert.Equal(firstRun, status.RestartCount);
        Assert.Equal(reason, status.LastState?.Reason);
        Assert.Equal(firstRun == 0 ? null : Now, status.LastState?.FinishedAt);
    }
}
