namespace MiniPlane.Agent.Volumes;

/// <summary>A volume cannot be made (yet): told as an Event FailedMount and tried again, as kubelet does.</summary>
internal sealed class VolumeException(string message) : Exception(message);
