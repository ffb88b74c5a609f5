namespace MiniPlane.Agent.Runtime;

/// <summary>A directory or file of the node that a container sees.</summary>
internal sealed record Mount(string Source, string Target, bool ReadOnly);
