namespace MiniPlane.Agent.Volumes;

/// <summary>A file of a volume made from objects.</summary>
internal sealed record VolumeFile(byte[] Content, int Mode);
