namespace MiniPlane.Agent.Runtime;

/// <summary>A directory or file of the node that a container sees.</summary>
internal sealed record Mount(string Source, string Target, bool ReadOnly)
{
    /// <summary>Where the source is a file system image: the directory or file in it.</summary>
    public string? PathInImage { get; init; }
}
