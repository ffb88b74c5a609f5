using MiniPlane.Workloads.Backends;

namespace MiniPlane.Workloads.Sim;

/// <summary>A node of the simulated cluster and what of it is free.</summary>
internal sealed class SimNode(string name, SimOptions options)
{
    private long _cpus = options.CpusPerNode;
    private long _memory = options.MemoryMiBPerNode;
    private long _gpus = options.GpusPerNode;

    public string Name { get; } = name;

    public bool TryTake(JobRequest request)
    {
        if (request.Cpus > _cpus || request.MemoryMiB > _memory || request.Gpus > _gpus)
        {
            return false;
        }

        _cpus -= request.Cpus;
        _memory -= request.MemoryMiB;
        _gpus -= request.Gpus;
        return true;
    }

    public void Return(JobRequest request)
    {
        _cpus += request.Cpus;
        _memory += request.MemoryMiB;
        _gpus += request.Gpus;
    }
}
