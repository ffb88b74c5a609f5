namespace MiniPlane.Controllers;

/// <summary>A built-in storage class: volumes are directories below <paramref name="Path"/>.</summary>
/// <param name="Name">The class, e.g. <c>home</c>.</param>
/// <param name="Path">An absolute path, on a shared file system unless <see cref="IsNodeLocal"/>.</param>
public sealed record StorageRoot(string Name, string Path)
{
    /// <summary>Claims that name no class get this one.</summary>
    public bool IsDefault { get; init; }

    /// <summary>The directory is on each compute node's own disk: it is made there by the agent, once a node is chosen.</summary>
    public bool IsNodeLocal { get; init; }

    /// <summary><c>Delete</c> or <c>Retain</c>: what becomes of the data when the claim goes.</summary>
    public string ReclaimPolicy { get; init; } = "Delete";
}
