namespace MiniPlane.Agent.Pods;

/// <summary>A pod's phase from its containers' states (kubelet's getPhase). Pure.</summary>
internal static class PodPhase
{
    /// <param name="containers">Every container of the pod.</param>
    /// <param name="policy">The pod's restartPolicy.</param>
    /// <param name="isOver">Nothing runs any more and nothing will: the pod has ended or was stopped.</param>
    public static string Of(IReadOnlyList<ContainerStatus> containers, string policy, bool isOver)
    {
        // A phase is final, so a pod whose sidecars still run has not ended yet.
        bool isStillRunning = containers.Any(container => container.State is ContainerState.Running);
        IReadOnlyList<ContainerStatus> init = [.. containers.Where(container => container.Kind == ContainerKind.Init)];
        if (init.Any(container => container.State is ContainerState.Terminated { ExitCode: not 0 }) && (policy == "Never" || isOver))
        {
            return isStillRunning ? "Pending" : "Failed";
        }

        bool isInitialized = init.All(container => container.State is ContainerState.Terminated { ExitCode: 0 })
            && containers.All(container => container.Kind != ContainerKind.Sidecar || container.Started || isOver);
        IReadOnlyList<ContainerStatus> main = [.. containers.Where(container => container.Kind == ContainerKind.Main)];
        if (isOver)
        {
            return main.All(container => container.State is ContainerState.Terminated { ExitCode: 0 }) ? "Succeeded" : "Failed";
        }

        if (!isInitialized || main.Any(container => container is { State: ContainerState.Waiting, LastState: null }))
        {
            return "Pending";
        }

        if (isStillRunning || policy == "Always")
        {
            return "Running";
        }

        IReadOnlyList<ContainerState.Terminated> ended =
            [.. main.Select(container => container.State as ContainerState.Terminated ?? container.LastState).OfType<ContainerState.Terminated>()];
        return ended.All(state => state.ExitCode == 0) ? "Succeeded" : policy == "Never" ? "Failed" : "Running";
    }
}
