namespace MiniPlane.Agent.Runtime;

/// <summary>A program inside a container.</summary>
internal interface IContainerProcess : IAsyncDisposable
{
    /// <summary>Where its input goes; null when it has none.</summary>
    Stream? Input { get; }

    Stream Output { get; }

    /// <summary>Null for a program with a terminal: both streams come as one.</summary>
    Stream? Errors { get; }

    /// <summary>How it ended. Completes once the program has ended, whether or not its streams were read.</summary>
    Task<ProcessExit> Exit { get; }

    void Signal(int signal);

    /// <summary>Tells a program with a terminal its new size.</summary>
    void Resize(int columns, int rows);
}
