using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using MiniPlane.Agent.Images;

namespace MiniPlane.Agent.Runtime;

/// <summary>
/// Pods over several nodes or tasks: each of their containers is a job step, started by srun once per task, with the process manager
/// interface that MPI wants. Other containers (init, sidecars) run once, on the first node. A task runs as the account, in the node's
/// process, IPC and device namespaces and with its /tmp, as MPI's shared memory, process managers and the fast network need it.
/// </summary>
internal sealed class TaskRuntime(IContainerRuntime once, ApptainerTools tools, string srun, string mpi, LaunchThread launch) : IContainerRuntime
{
    // What the step and its tasks must know of the job; everything else comes from the pod.
    private static readonly string[] Kept = ["PATH", "HOME", "USER", "LOGNAME", "XDG_RUNTIME_DIR", "TMPDIR"];
    private static readonly string[] KeptStarts = ["SLURM_", "PMI", "CUDA_", "ROCR_", "HIP_", "GPU_DEVICE"];

    // Each task has a user namespace of its own, where one may not look into another's memory or files by its process.
    private static readonly (string Name, string Value)[] ForNamespaces =
        [("UCX_POSIX_USE_PROC_LINK", "n"), ("OMPI_MCA_btl_vader_single_copy_mechanism", "none")];

    // The server of PMIx on each node has its shared memory in a directory that only the step knows (PMIX_SERVER_TMPDIR).
    private const string WithProcessManager = "[ -d \"$PMIX_SERVER_TMPDIR\" ] && export APPTAINER_BIND=\"${PMIX_SERVER_TMPDIR%/}\"; exec \"$@\"";

    public string Name => once.Name;

    public string Version => once.Version;

    public bool UsesImages => once.UsesImages;

    public async ValueTask<IRunningContainer> StartAsync(ContainerSetup setup, CancellationToken cancellationToken)
    {
        if (!setup.RunsAsTasks)
        {
            return await once.StartAsync(setup, cancellationToken);
        }

        ImageConfig image = setup.Image.Config ?? new ImageConfig { Entrypoint = ["/.singularity.d/runscript"] };
        ContainerProgram program = new(setup, image, ContainerUser.Root);
        Directory.CreateDirectory(setup.Scratch);
        List<string> arguments = ["--overlap", "--kill-on-bad-exit=1", "--quit-on-interrupt", "--export=ALL", "--chdir=/"];
        arguments.AddRange(mpi.Length > 0 ? [$"--mpi={mpi}"] : []);
        arguments.AddRange(Environment.GetEnvironmentVariable("SLURM_CPUS_PER_TASK") is { Length: > 0 } cpus ? [$"--cpus-per-task={cpus}"] : []);
        arguments.AddRange(setup.Stdin ? [] : ["--input=none"]);
        arguments.AddRange(["/bin/sh", "-c", WithProcessManager, "sh", tools.Apptainer, .. Inside(setup, program), .. program.MainCommand()]);
        return new TaskContainer(this, setup, program, await StartAsync(srun, arguments, setup, cancellationToken), launch);
    }

    /// <summary>Apptainer's words for one more program like a task, on this node.</summary>
    public ProcessStartInfo ForExec(ContainerSetup setup, ContainerProgram program, IReadOnlyList<string> command) =>
        Make(tools.Apptainer, [.. Inside(setup, program), .. command], setup);

    private static IEnumerable<string> Inside(ContainerSetup setup, ContainerProgram program)
    {
        List<string> arguments =
        [
            "-q", "exec", "--userns", "--no-eval", "--no-home", "--no-mount", "home,cwd,bind-paths,hostfs", "--pwd", program.WorkingDirectory,
        ];
        arguments.AddRange(setup.ReadOnlyRoot ? [] : ["--writable-tmpfs"]);
        arguments.AddRange(setup.Gpu switch { GpuKind.Nvidia => ["--nv"], GpuKind.Amd => ["--rocm"], _ => Array.Empty<string>() });
        foreach (Mount mount in setup.Mounts.Where(mount => !mount.Target.StartsWith("/dev/", StringComparison.Ordinal)))
        {
            ApptainerArguments.AddMount(arguments, mount);
        }

        arguments.Add(setup.Image.Path);
        return arguments;
    }

    private async Task<Process> StartAsync(string file, List<string> arguments, ContainerSetup setup, CancellationToken cancellationToken)
    {
        try
        {
            return await launch.StartAsync(Make(file, arguments, setup), cancellationToken);
        }
        catch (Win32Exception exception)
        {
            throw new ContainerStartException("RunContainerError", $"{file} cannot be run: {exception.Message}", exception);
        }
    }

    /// <summary>Apptainer hands its own environment on, so that it gets the step's; the pod's variables go before all others.</summary>
    private static ProcessStartInfo Make(string file, IEnumerable<string> arguments, ContainerSetup setup)
    {
        ProcessStartInfo info = new(file, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        foreach (string name in info.Environment.Keys.ToList())
        {
            if (!Kept.Contains(name, StringComparer.Ordinal) && !KeptStarts.Any(start => name.StartsWith(start, StringComparison.Ordinal)))
            {
                info.Environment.Remove(name);
            }
        }

        foreach ((string name, string value) in ForNamespaces)
        {
            info.Environment[$"APPTAINERENV_{name}"] = value;
        }

        foreach ((string name, string value) in setup.Environment)
        {
            info.Environment[$"APPTAINERENV_{name}"] = value;
        }

        info.Environment["APPTAINERENV_MINIPLANE_TASKS"] = Environment.GetEnvironmentVariable("SLURM_NTASKS")
            ?? Environment.GetEnvironmentVariable("SLURM_JOB_NUM_NODES") ?? 1.ToString(CultureInfo.InvariantCulture);
        return info;
    }
}
