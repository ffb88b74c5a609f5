using System.ComponentModel;

namespace MiniPlane.Agent.Runtime;

/// <summary>
/// Containers as plain processes of the node: the pod's command runs with the account's own user, files and network. For native HPC
/// programs (annotation miniplane.io/runtime: host) and for a local cluster without Apptainer.
/// </summary>
internal sealed class HostRuntime(LaunchThread launch) : IContainerRuntime
{
    public string Name => "host";

    public string Version => Environment.OSVersion.Version.ToString();

    public bool UsesImages => false;

    public async ValueTask<IRunningContainer> StartAsync(ContainerSetup setup, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> command = [.. setup.Command, .. setup.Arguments];
        if (command.Count == 0)
        {
            throw new ContainerStartException("CreateContainerError", "no command specified: a host process has no image to take it from");
        }

        Directory.CreateDirectory(setup.Scratch);
        Dictionary<string, string> environment = MakeEnvironment(setup);
        HostContainer container = new(launch, setup, environment);
        try
        {
            await container.StartMainAsync(command, cancellationToken);
            return container;
        }
        catch (Exception exception) when (exception is Win32Exception or DirectoryNotFoundException)
        {
            ScratchDirectory.Remove(setup.Scratch);
            throw new ContainerStartException("StartError", $"exec: \"{command[0]}\": {exception.Message}", exception);
        }
    }

    // The account's own environment first: native programs live from the site's modules.
    private static Dictionary<string, string> MakeEnvironment(ContainerSetup setup)
    {
        Dictionary<string, string> merged = new(StringComparer.Ordinal);
        foreach (System.Collections.DictionaryEntry entry in Environment.GetEnvironmentVariables())
        {
            merged[(string)entry.Key] = (string?)entry.Value ?? "";
        }

        foreach ((string name, string value) in setup.Environment)
        {
            merged[name] = value;
        }

        // A process of the node cannot have a volume at a path of its own choice: it is told where the volume is.
        foreach (Mount mount in setup.Mounts)
        {
            string name = string.Concat(mount.Target.Trim('/').Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToUpperInvariant(c) : '_'));
            merged.TryAdd($"MINIPLANE_MOUNT_{name}", mount.Source);
        }

        return merged;
    }
}
