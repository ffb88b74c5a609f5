namespace MiniPlane.Agent.Pods;

/// <summary>Whether and when an ended container runs again. Pure.</summary>
internal static class RestartRules
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(5);

    /// <summary>A run of this length makes the next failure the first one again (kubelet: twice the longest delay).</summary>
    public static TimeSpan HealthyRun { get; } = TimeSpan.FromMinutes(10);

    public static bool RunsAgain(ContainerKind kind, string podPolicy, int exitCode) => kind switch
    {
        ContainerKind.Sidecar => true,
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
}
