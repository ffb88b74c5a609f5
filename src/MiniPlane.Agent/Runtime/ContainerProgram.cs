using MiniPlane.Agent.Images;

namespace MiniPlane.Agent.Runtime;

/// <summary>
/// What the pod and the image together say about the program: command replaces ENTRYPOINT and CMD, args replace CMD (the table in
/// Kubernetes' "Define a Command and Arguments for a Container").
/// </summary>
internal sealed class ContainerProgram(ContainerSetup setup, ImageConfig image, ContainerUser user)
{
    public ContainerUser User => user;

    public int StopSignal => Signals.Parse(image.StopSignal);

    public string WorkingDirectory { get; } =
        setup.WorkingDirectory.Length > 0 ? setup.WorkingDirectory
        : image.WorkingDir is { Length: > 0 } directory ? directory
        : "/";

    public IReadOnlyDictionary<string, string> Environment { get; } = Merge(setup, image, user);

    /// <summary>The program and its arguments; an image without either and a pod without a command is an error.</summary>
    public IReadOnlyList<string> MainCommand()
    {
        IReadOnlyList<string> command = setup.Command.Count > 0
            ? [.. setup.Command, .. setup.Arguments]
            : [.. image.Entrypoint ?? [], .. setup.Arguments.Count > 0 ? setup.Arguments : image.Cmd ?? []];
        return command.Count > 0
            ? command
            : throw new ContainerStartException("CreateContainerError", "no command specified");
    }

    private static Dictionary<string, string> Merge(ContainerSetup setup, ImageConfig image, ContainerUser user)
    {
        Dictionary<string, string> merged = new(StringComparer.Ordinal)
        {
            ["PATH"] = ImageConfig.DefaultPath,
            ["HOSTNAME"] = setup.HostName,
            ["HOME"] = user.Home,
        };
        if (setup.Tty)
        {
            merged["TERM"] = "xterm";
        }

        foreach (string pair in image.Env ?? [])
        {
            int split = pair.IndexOf('=', StringComparison.Ordinal);
            if (split > 0)
            {
                merged[pair[..split]] = pair[(split + 1)..];
            }
        }

        foreach ((string name, string value) in setup.Environment)
        {
            merged[name] = value;
        }

        if (setup.Gpu != GpuKind.None)
        {
            // Where Apptainer puts the node's driver libraries.
            merged["LD_LIBRARY_PATH"] = merged.TryGetValue("LD_LIBRARY_PATH", out string? path) && path.Length > 0
                ? $"{path}:/.singularity.d/libs"
                : "/.singularity.d/libs";
        }

        return merged;
    }
}
