namespace MiniPlane.Agent.Pods;

/// <summary>A pod's phase from its containers' states (kubelet's getPhase). Pure.</summary>
internal static class PodPhase
{
    // A pod that begins anew is pending until its containers have started again (KEP 5532).
    private const string Restarting = "RestartingAllContainers";

    /// <param name="containers">Every container of the pod.</param>
    /// <param name="policy">The pod's restartPolicy.</param>
    /// <param name="isOver">Nothing runs any more and nothing will: the pod has ended or was stopped.</param>
    public static string Of(IReadOnlyList<ContainerStatus> containers, string policy, bool isOver)
    {
        // A phase is final, so a pod whose sidecars still run has not ended yet.
        bool isStillRunning = containers.Any(container => container.Kind != ContainerKind.Ephemeral && container.State is ContainerState.Running);
        IReadOnlyList<ContainerStatus> init = [.. containers.Where(container => container.Kind == ContainerKind.Init)];
        if (init.Any(container => container.State is ContainerState.Terminated { ExitCode: not 0 } && (isOver || !RunsAgain(container, policy))))
        {
            return isStillRunning ? "Pending" : "Failed";
        }

        // Once a container of the pod has started, a sidecar that runs anew does not make it pending (HasAnyRegularContainerStarted).
        IReadOnlyList<ContainerStatus> main = [.. containers.Where(container => container.Kind == ContainerKind.Main)];
        bool isInitialized = init.All(container => container.State is ContainerState.Terminated { ExitCode: 0 })
            && (isOver
                || main.Any(container => container.State is not ContainerState.Waiting)
                || containers.All(container => container.Kind != ContainerKind.Sidecar || container.Started));
        if (isOver)
        {
            return main.All(container => container.State is ContainerState.Terminated { ExitCode: 0 }) ? "Succeeded" : "Failed";
        }

        if (!isInitialized || main.Any(container => container is { State: ContainerState.Waiting, LastState: null or { Reason: Restarting } }))
        {
            return "Pending";
        }

        // Between two runs, or about to be.
        if (isStillRunning || main.Any(container => container.State is ContainerState.Waiting || RunsAgain(container, policy)))
        {
            return "Running";
        }

        return main.All(container => container.State is ContainerState.Terminated { ExitCode: 0 }) ? "Succeeded" : "Failed";
    }

    private static bool RunsAgain(ContainerStatus container, string policy) => container.State is ContainerState.Terminated ended
        && (container.RunsAgain ?? RestartRules.RunsAgain(container.Kind, policy, ended.ExitCode));
}
