namespace MiniPlane.Agent.Runtime;

/// <summary>One run of a container. Disposing it ends whatever is left of it.</summary>
internal interface IRunningContainer : IAsyncDisposable
{
    /// <summary>The container's own program: its streams and its end.</summary>
    IContainerProcess Main { get; }

    /// <summary>The signal that asks the program to end (the image's StopSignal).</summary>
    int StopSignal { get; }

    /// <summary>Starts a further program in the same namespaces, with the container's environment.</summary>
    ValueTask<IContainerProcess> ExecAsync(ExecSetup setup, CancellationToken cancellationToken);

    /// <summary>The processes that run in it now, as the node numbers them.</summary>
    IReadOnlyList<int> ProcessIds();

    /// <summary>What the container had to do without, for an Event; null for nothing.</summary>
    string? Shortcoming { get; }

    /// <summary>A process that holds its namespaces, for others to enter; null where it has none of its own.</summary>
    int? NamespaceHolder { get; }

    /// <summary>Kills every process of the container.</summary>
    void Kill();
}
