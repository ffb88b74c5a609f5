namespace MiniPlane.Agent.Runtime;

/// <summary>How a program ended: its code, or 128 and the signal that ended it.</summary>
internal readonly record struct ProcessExit(int Code)
{
    /// <summary>Why the program never ran, when it did not.</summary>
    public string? StartError { get; init; }
}
