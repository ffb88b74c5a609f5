namespace MiniPlane.Controllers.Volumes;

/// <summary>The file system refused; the controller tries again with back-off.</summary>
internal sealed class VolumeFailedException(string message) : Exception(message);
