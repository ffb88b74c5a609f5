namespace MiniPlane.Agent.Images;

/// <summary>An image that is on this node (or its shared file system) and can be run.</summary>
internal sealed record PulledImage
{
    public static PulledImage None { get; } = new() { Id = "", Path = "" };

    /// <summary>status.containerStatuses[].imageID: repository and digest.</summary>
    public required string Id { get; init; }

    /// <summary>The SIF file.</summary>
    public required string Path { get; init; }

    /// <summary>Null for an image that was not made from an OCI image.</summary>
    public ImageConfig? Config { get; init; }
}
