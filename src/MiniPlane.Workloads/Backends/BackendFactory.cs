using Microsoft.Extensions.Logging;
using MiniPlane.Workloads.Local;
using MiniPlane.Workloads.Sim;
using MiniPlane.Workloads.Slurm;

namespace MiniPlane.Workloads.Backends;

/// <summary>Makes the backend that the options name. A new backend costs its class and one line here.</summary>
internal sealed partial class BackendFactory(WorkloadsOptions options, ICommandRunner runner, ILogger<BackendFactory> logger, TimeProvider time)
{
    public IWorkloadBackend Create()
    {
        string name = options.Backend == "auto" ? Detect() : options.Backend;
        LogChosen(logger, name);
        return name switch
        {
            "slurm" => new SlurmBackend(runner, new JobOwner(options.ClusterId, options.PodsDirectory)),
            "local" => new LocalBackend(options.PodsDirectory, time),
            "sim" => new SimBackend(options.Sim, time),
            _ => throw new InvalidOperationException($"There is no backend \"{name}\"; there are auto, slurm, local and sim."),
        };
    }

    /// <summary>Slurm where sbatch can be started and the controller answers, else this host.</summary>
    private string Detect()
    {
        bool hasPrefix = options.Site.CommandPrefix.Count > 0;
        return (hasPrefix || FindOnPath("sbatch")) && HasSlurm() ? "slurm" : "local";
    }

    private bool HasSlurm()
    {
        var ask = new CommandRequest("sinfo", ["-h", "-o", "%P"]) { TimeLimit = TimeSpan.FromSeconds(15) };
#pragma warning disable VSTHRD002 // Once, at start-up, before anything else runs: what is registered depends on the answer.
        CommandResult result = runner.RunAsync(ask, CancellationToken.None).AsTask().GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
        return result.Succeeded && result.Output.Trim().Length > 0;
    }

    private static bool FindOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(directory => directory.Length > 0 && File.Exists(Path.Combine(directory, program)));

    [LoggerMessage(5070, LogLevel.Information, "Pods run on the backend {Backend}")]
    private static partial void LogChosen(ILogger logger, string backend);
}
