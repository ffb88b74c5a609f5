namespace MiniPlane.Agent.Runtime;

/// <summary>Starts containers on this node.</summary>
internal interface IContainerRuntime
{
    /// <summary>The word before :// in container ids, and what the agent says in its Hello.</summary>
    string Name { get; }

    string Version { get; }

    /// <summary>Whether containers come from images; if not, none are pulled.</summary>
    bool UsesImages { get; }

    /// <summary>
    /// Starts a container. <see cref="ContainerStartException"/> when that is not possible; nothing is left behind then.
    /// </summary>
    ValueTask<IRunningContainer> StartAsync(ContainerSetup setup, CancellationToken cancellationToken);
}
