namespace MiniPlane.Agent.Pods;

/// <summary>What part a container has in its pod.</summary>
internal enum ContainerKind
{
    /// <summary>Runs to its end before the next one.</summary>
    Init,

    /// <summary>An init container with restartPolicy Always: started in order, then runs beside the pod's containers.</summary>
    Sidecar,

    Main,

    /// <summary>Added to the running pod to look at it; it has no say in how the pod ends, and is not started twice.</summary>
    Ephemeral,
}
