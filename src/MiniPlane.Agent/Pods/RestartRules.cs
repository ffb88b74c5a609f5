using MiniPlane.Agent.Views;

namespace MiniPlane.Agent.Pods;

/// <summary>Whether and when an ended container runs again. Pure.</summary>
internal static class RestartRules
{
    private const string RestartAll = "RestartAllContainers";

    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(5);

    /// <summary>A run of this length makes the next failure the first one again (kubelet: twice the longest delay).</summary>
    public static TimeSpan HealthyRun { get; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// A container's own rules come first, then its own policy, then the pod's (ShouldContainerBeRestarted in k8s.io/kubernetes'
    /// podutil).
    /// </summary>
    public static bool RunsAgain(ContainerKind kind, ContainerView container, string podPolicy, int exitCode)
    {
        RestartRuleView? rule = kind == ContainerKind.Ephemeral
            ? null
            : container.RestartPolicyRules.FirstOrDefault(candidate => Fits(candidate.ExitCodes, exitCode));
        if (rule is { Action: "Restart" or RestartAll })
        {
            return true;
        }

        bool isOwn = kind is ContainerKind.Main or ContainerKind.Init && container.RestartPolicy is { Length: > 0 };
        return RunsAgain(kind, isOwn ? container.RestartPolicy! : podPolicy, exitCode);
    }

    /// <summary>Whether this end makes every container of the pod begin anew: the first rule that fits says so (KEP 5532).</summary>
    public static bool RestartsAll(ContainerView container, int exitCode) =>
        container.RestartPolicyRules.FirstOrDefault(candidate => Fits(candidate.ExitCodes, exitCode))?.Action == RestartAll;

    /// <summary>Whether some end of some container does (podutil.AllContainersCouldRestart).</summary>
    public static bool CouldRestartAll(PodSpecView pod) => pod.InitContainers.Concat(pod.Containers)
        .Any(container => container.RestartPolicyRules.Any(rule => rule.Action == RestartAll));

    public static bool RunsAgain(ContainerKind kind, string podPolicy, int exitCode) => kind switch
    {
        ContainerKind.Sidecar => true,
        ContainerKind.Ephemeral => false,
        ContainerKind.Init => exitCode != 0 && podPolicy != "Never",
        _ => podPolicy == "Always" || (podPolicy == "OnFailure" && exitCode != 0),
    };

    /// <summary>How long after its end the container starts again: at once, then 10 s doubling to 5 min.</summary>
    public static TimeSpan DelayBefore(int restart)
    {
        if (restart <= 1)
        {
            return TimeSpan.Zero;
        }

        double seconds = FirstDelay.TotalSeconds * Math.Pow(2, Math.Min(restart - 2, 10));
        return seconds < LongestDelay.TotalSeconds ? TimeSpan.FromSeconds(seconds) : LongestDelay;
    }

    private static bool Fits(ExitCodesView? codes, int exitCode) => codes?.Operator switch
    {
        "In" => codes.Values.Contains(exitCode),
        "NotIn" => !codes.Values.Contains(exitCode),
        _ => false,
    };
}
