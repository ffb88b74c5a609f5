using System.Globalization;

namespace MiniPlane.Agent.Pods;

/// <summary>What the job may use of its node.</summary>
internal sealed record NodeCapacity(decimal Cpus, decimal MemoryBytes)
{
    private const decimal Mebi = 1024 * 1024;

    /// <summary>What Slurm says, else what the machine has.</summary>
    public static NodeCapacity Find()
    {
        decimal cpus = Read("SLURM_CPUS_ON_NODE") ?? Environment.ProcessorCount;
        decimal memory = Read("SLURM_MEM_PER_NODE") * Mebi ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        return new NodeCapacity(cpus, memory);
    }

    private static decimal? Read(string variable) =>
        decimal.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out decimal value)
            && value > 0
            ? value
            : null;
}
