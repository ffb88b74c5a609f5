namespace MiniPlane.Agent.Runtime;

/// <summary>Whose devices and libraries a container is to see.</summary>
internal enum GpuKind
{
    None,
    Nvidia,
    Amd,
}
