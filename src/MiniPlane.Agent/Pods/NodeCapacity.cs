using System.Globalization;

namespace MiniPlane.Agent.Pods;

/// <summary>What the job may use of its node, as quantities.</summary>
internal sealed record NodeCapacity(string Cpus, string Memory)
{
    /// <summary>What Slurm says, else what the machine has.</summary>
    public static NodeCapacity Find() => new(
        Read("SLURM_CPUS_ON_NODE") ?? Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture),
        Read("SLURM_MEM_PER_NODE") is { } mebibytes
            ? $"{mebibytes}Mi"
            : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes.ToString(CultureInfo.InvariantCulture));

    private static string? Read(string variable) =>
        long.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out long value)
            && value > 0
            ? value.ToString(CultureInfo.InvariantCulture)
            : null;
}
