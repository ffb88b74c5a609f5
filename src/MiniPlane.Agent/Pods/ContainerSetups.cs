using System.Globalization;
using MiniPlane.Agent.Images;
using MiniPlane.Agent.Runtime;
using MiniPlane.Agent.Variables;
using MiniPlane.Agent.Views;
using MiniPlane.Agent.Volumes;

namespace MiniPlane.Agent.Pods;

/// <summary>Turns a container of the pod into what a runtime starts.</summary>
internal static class ContainerSetups
{
    private const string JobGpus = "SLURM_JOB_GPUS";

    // What Slurm tells a job about its GPUs; the libraries inside read it.
    private static readonly string[] GpuVariables =
        ["CUDA_VISIBLE_DEVICES", "NVIDIA_VISIBLE_DEVICES", "ROCR_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES", "GPU_DEVICE_ORDINAL", JobGpus];

    public static string MessageFile(PodDirectories directories, ContainerView container) =>
        Path.Combine(directories.Files, $"{container.Name}.termination");

    /// <summary>Empty at the start of each run, and open to whatever user the container runs as.</summary>
    public static void MakeMessageFile(PodDirectories directories, ContainerView container)
    {
        string file = MessageFile(directories, container);
        File.WriteAllBytes(file, []);
        File.SetUnixFileMode(file, (UnixFileMode)0x1b6);
    }

    /// <summary>Where a container is and what it sees: all that its namespaces and mounts are made from, and nothing of its program.</summary>
    public static ContainerSetup Outline(
        PodContext context, PodDirectories directories, IReadOnlyList<Mount> mounts, ContainerView container, PulledImage image, int run) => new()
        {
            Name = container.Name,
            HostName = context.KernelHostName,
            Image = image,
            Command = [],
            Arguments = [],
            Environment = new Dictionary<string, string>(StringComparer.Ordinal),
            WorkingDirectory = "",
            Mounts = mounts,
            ReadOnlyRoot = container.SecurityContext?.ReadOnlyRootFilesystem ?? false,
            Gpu = Gpu(context.Pod.Spec, container),
            Scratch = Path.Combine(directories.Local, string.Create(CultureInfo.InvariantCulture, $"{container.Name}-{run}")),
        };

    /// <summary>All mounts of a container: the site's and the pod's files, but where a volume takes their place.</summary>
    public static IReadOnlyList<Mount> Mounts(
        IEnumerable<Mount> site, PodDirectories directories, ContainerView container, IReadOnlyList<Mount> own)
    {
        List<Mount> mounts =
        [
            .. site,
            new Mount(Path.Combine(directories.Files, "hosts"), "/etc/hosts", ReadOnly: false),
            new Mount(Path.Combine(directories.Files, "resolv.conf"), "/etc/resolv.conf", ReadOnly: false),
            new Mount(MessageFile(directories, container), container.TerminationMessagePath, ReadOnly: false),
            new Mount(directories.SharedMemory, "/dev/shm", ReadOnly: false),
        ];
        mounts.RemoveAll(mount => own.Any(other => other.Target == mount.Target));
        return [.. mounts, .. own];
    }

    /// <summary>The setup of one run; <see cref="ContainerStartException"/> when a variable or a volume of it is missing.</summary>
    public static ContainerSetup Make(PodServices services, ContainerView container, PulledImage image, int run, ContainerKind kind, int? target)
    {
        PodContext context = services.Context;
        IReadOnlyDictionary<string, string> environment = Variables(services, container);
        MakeMessageFile(services.Directories, container);
        IReadOnlyList<Mount> mounts = Mounts(services.SiteMounts, services.Directories, container, services.Volumes.MountsFor(container, environment));
        PodSecurityView pod = context.Pod.Spec.SecurityContext;
        ContainerSecurityView? security = container.SecurityContext;
        return Outline(context, services.Directories, mounts, container, image, run) with
        {
            Command = [.. container.Command.Select(Expand)],
            Arguments = [.. container.Args.Select(Expand)],
            Environment = environment,
            WorkingDirectory = container.WorkingDir,
            RunAsUser = security?.RunAsUser ?? pod.RunAsUser,
            RunAsGroup = security?.RunAsGroup ?? pod.RunAsGroup,
            RunAsNonRoot = security?.RunAsNonRoot ?? pod.RunAsNonRoot ?? false,
            SharesProcesses = context.Pod.Spec.ShareProcessNamespace ?? false,
            JoinProcessesOf = target,
            RunsAsTasks = kind == ContainerKind.Main,
            Stdin = container.Stdin,
            Tty = container.Tty,
        };

        string Expand(string text) => Expansion.Expand(text, environment.GetValueOrDefault);
    }

    private static IReadOnlyDictionary<string, string> Variables(PodServices services, ContainerView container)
    {
        try
        {
            IReadOnlyDictionary<string, string> variables = ContainerVariables.Make(services.Context, container, services.Volumes.PathOf);
            if (Gpu(services.Context.Pod.Spec, container) == GpuKind.None)
            {
                return variables;
            }

            Dictionary<string, string> withGpu = new(variables, StringComparer.Ordinal);
            foreach (string name in GpuVariables)
            {
                if (Environment.GetEnvironmentVariable(name) is { } value)
                {
                    withGpu.TryAdd(name, value);
                }
            }

            return withGpu;
        }
        catch (VariableException exception)
        {
            throw new ContainerStartException("CreateContainerConfigError", exception.Message, exception);
        }
        catch (FormatException exception)
        {
            throw new ContainerStartException("CreateContainerConfigError", "a Secret holds what is not base64", exception);
        }
    }

    /// <summary>
    /// A container sees GPUs when it asks for some. Those that the job has by a flag of its pod (<c>--gres=gpu:1</c>), while no
    /// container asks, are for all of them.
    /// </summary>
    internal static GpuKind Gpu(PodSpecView pod, ContainerView container) =>
        pod.InitContainers.Concat(pod.Containers).Any(other => Asked(other) != GpuKind.None) ? Asked(container)
        : Environment.GetEnvironmentVariable(JobGpus) is not { Length: > 0 } ? GpuKind.None
        : File.Exists("/dev/kfd") && !File.Exists("/dev/nvidiactl") ? GpuKind.Amd
        : GpuKind.Nvidia;

    private static GpuKind Asked(ContainerView container)
    {
        IEnumerable<string> resources = container.Resources.Limits.Keys.Concat(container.Resources.Requests.Keys);
        return resources.Any(name => name.StartsWith("nvidia.com/", StringComparison.Ordinal)) ? GpuKind.Nvidia
            : resources.Any(name => name.StartsWith("amd.com/", StringComparison.Ordinal)) ? GpuKind.Amd
            : GpuKind.None;
    }
}
