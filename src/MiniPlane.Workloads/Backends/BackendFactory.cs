using Microsoft.Extensions.Logging;
using MiniPlane.Workloads.Local;
using MiniPlane.Workloads.Sim;
using MiniPlane.Workloads.Slurm;
using MiniPlane.Workloads.Slurm.Access;

namespace MiniPlane.Workloads.Backends;

/// <summary>Makes the backend that the options name. A new backend costs its class and one line here.</summary>
internal sealed partial class BackendFactory(
    WorkloadsOptions options, ISlurmClient slurm, JobOwner owner, SlurmReach reach, ILogger<BackendFactory> logger, TimeProvider time)
{
    public IWorkloadBackend Create()
    {
        string name = options.Backend == "auto" ? reach.HasSlurm ? "slurm" : "local" : options.Backend;
        LogChosen(logger, name, reach.Route.Text);
        return name switch
        {
            "slurm" or SlurmReach.RestOnly => new SlurmBackend(slurm, owner),
            "local" => new LocalBackend(options.PodsDirectory, time),
            "sim" => new SimBackend(options.Sim with { FirstJob = FirstSimulatedJob(time) }, time),
            _ => throw new InvalidOperationException($"There is no backend \"{name}\"; there are auto, slurm, slurmrestd, local and sim."),
        };
    }

    /// <summary>Beyond all numbers that an earlier process gave out, unless it started a hundred jobs in each second of its life.</summary>
    private static int FirstSimulatedJob(TimeProvider time) => (int)(time.GetUtcNow().ToUnixTimeSeconds() % 10_000_000 * 100) + 1;

    [LoggerMessage(5070, LogLevel.Information, "Pods run on the backend {Backend}; the way to Slurm: {Route}")]
    private static partial void LogChosen(ILogger logger, string backend, string route);
}
