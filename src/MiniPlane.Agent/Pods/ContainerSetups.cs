using System.Globalization;
using MiniPlane.Agent.Images;
using MiniPlane.Agent.Runtime;
using MiniPlane.Agent.Variables;
using MiniPlane.Agent.Views;

namespace MiniPlane.Agent.Pods;

/// <summary>Turns a container of the pod into what a runtime starts.</summary>
internal static class ContainerSetups
{
    // What Slurm tells a job about its GPUs; the libraries inside read it.
    private static readonly string[] GpuVariables =
        ["CUDA_VISIBLE_DEVICES", "NVIDIA_VISIBLE_DEVICES", "ROCR_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES", "GPU_DEVICE_ORDINAL"];

    public static string MessageFile(PodServices services, ContainerView container) =>
        Path.Combine(services.Directories.Files, $"{container.Name}.termination");

    /// <summary>The setup of one run; <see cref="ContainerStartException"/> when a variable or a volume of it is missing.</summary>
    public static ContainerSetup Make(PodServices services, ContainerView container, PulledImage image, int run, ContainerKind kind, int? target)
    {
        PodContext context = services.Context;
        IReadOnlyDictionary<string, string> environment = Variables(services, container);
        string messageFile = MessageFile(services, container);
        File.WriteAllBytes(messageFile, []);
        File.SetUnixFileMode(messageFile, (UnixFileMode)0x1b6);
        List<Mount> mounts =
        [
            .. services.SiteMounts,
            new Mount(Path.Combine(services.Directories.Files, "hosts"), "/etc/hosts", ReadOnly: false),
            new Mount(Path.Combine(services.Directories.Files, "resolv.conf"), "/etc/resolv.conf", ReadOnly: false),
            new Mount(messageFile, container.TerminationMessagePath, ReadOnly: false),
            new Mount(services.Directories.SharedMemory, "/dev/shm", ReadOnly: false),
        ];
        IReadOnlyList<Mount> own = services.Volumes.MountsFor(container, environment);
        mounts.RemoveAll(mount => own.Any(other => other.Target == mount.Target));
        PodSecurityView pod = context.Pod.Spec.SecurityContext;
        ContainerSecurityView? security = container.SecurityContext;
        return new ContainerSetup
        {
            Name = container.Name,
            HostName = context.KernelHostName,
            Image = image,
            Command = [.. container.Command.Select(Expand)],
            Arguments = [.. container.Args.Select(Expand)],
            Environment = environment,
            WorkingDirectory = container.WorkingDir,
            Mounts = [.. mounts, .. own],
            RunAsUser = security?.RunAsUser ?? pod.RunAsUser,
            RunAsGroup = security?.RunAsGroup ?? pod.RunAsGroup,
            RunAsNonRoot = security?.RunAsNonRoot ?? pod.RunAsNonRoot ?? false,
            ReadOnlyRoot = security?.ReadOnlyRootFilesystem ?? false,
            Gpu = Gpu(container),
            SharesProcesses = context.Pod.Spec.ShareProcessNamespace ?? false,
            JoinProcessesOf = target,
            RunsAsTasks = kind == ContainerKind.Main,
            Stdin = container.Stdin,
            Tty = container.Tty,
            Scratch = Path.Combine(services.Directories.Local, string.Create(CultureInfo.InvariantCulture, $"{container.Name}-{run}")),
        };

        string Expand(string text) => Expansion.Expand(text, environment.GetValueOrDefault);
    }

    private static IReadOnlyDictionary<string, string> Variables(PodServices services, ContainerView container)
    {
        try
        {
            IReadOnlyDictionary<string, string> variables = ContainerVariables.Make(services.Context, container, services.Volumes.PathOf);
            if (Gpu(container) == GpuKind.None)
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

    private static GpuKind Gpu(ContainerView container)
    {
        IEnumerable<string> resources = container.Resources.Limits.Keys.Concat(container.Resources.Requests.Keys);
        return resources.Any(name => name.StartsWith("nvidia.com/", StringComparison.Ordinal)) ? GpuKind.Nvidia
            : resources.Any(name => name.StartsWith("amd.com/", StringComparison.Ordinal)) ? GpuKind.Amd
            : GpuKind.None;
    }
}
