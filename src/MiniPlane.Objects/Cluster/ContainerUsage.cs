using System.Runtime.InteropServices;

namespace MiniPlane.Objects.Cluster;

/// <summary>What one container uses: billionths of a core, and bytes of memory that cannot be given back (the working set).</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ContainerUsage(long CpuNanoCores, long MemoryBytes);
