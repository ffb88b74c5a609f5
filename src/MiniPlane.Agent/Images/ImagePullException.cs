namespace MiniPlane.Agent.Images;

/// <summary>An image cannot be had. The reason is kubelet's: ErrImagePull, ErrImageNeverPull, InvalidImageName, RegistryUnavailable.</summary>
internal sealed class ImagePullException(string reason, string message, Exception? inner = null) : Exception(message, inner)
{
    public string Reason { get; } = reason;

    /// <summary>The registry does not give it to this account; another may get it.</summary>
    public bool IsDenied { get; init; }
}
