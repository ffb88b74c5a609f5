namespace MiniPlane.Agent.Runtime;

/// <summary>What Apptainer is told. Nothing of the host comes in but what the pod names.</summary>
internal static class ApptainerArguments
{
    /// <summary>Writes into the run's directory what the arguments name there.</summary>
    public static void WriteFiles(ContainerSetup setup)
    {
        if (!setup.ReadOnlyRoot)
        {
            Directory.CreateDirectory(LayerOf(setup));
        }
    }

    /// <param name="setup">The container.</param>
    /// <param name="holder">The program that keeps its namespaces open.</param>
    /// <param name="joins">
    /// Whether Apptainer runs in the user and process namespaces of another container: it is root there, and makes none of its own.
    /// </param>
    public static IReadOnlyList<string> ForHolder(ContainerSetup setup, string holder, bool joins)
    {
        List<string> arguments =
        [
            "-q", "exec",
            .. joins ? ["--contain", "--ipc"] : OfOwnNamespaces(Environment.IsPrivilegedProcess && !HasRange("/etc/subuid")),
            "--cleanenv", "--no-eval",
            "--no-home", "--no-mount", "home,cwd,bind-paths,hostfs,tmp",
            "--uts", "--hostname", setup.HostName,
        ];
        if (!setup.ReadOnlyRoot)
        {
            arguments.AddRange(["--overlay", LayerOf(setup)]);
        }

        switch (setup.Gpu)
        {
            case GpuKind.Nvidia:
                arguments.Add("--nv");
                break;
            case GpuKind.Amd:
                arguments.Add("--rocm");
                break;
            default:
                break;
        }

        AddMount(arguments, new Mount(holder, HolderProgram.Target, ReadOnly: true));
        foreach (Mount mount in setup.Mounts.OrderBy(mount => mount.Target, StringComparer.Ordinal))
        {
            AddMount(arguments, mount);
        }

        arguments.AddRange([setup.Image.Path, HolderProgram.Target, .. DeviceMounts.Pairs(setup.Mounts)]);
        return arguments;
    }

    // Root inside is the account outside. Apptainer refuses --fakeroot to root itself without a range of ids, who needs none to be root.
    internal static IReadOnlyList<string> OfOwnNamespaces(bool isRootWithoutRange) =>
        isRootWithoutRange ? ["--userns", "--containall"] : ["--userns", "--fakeroot", "--containall"];

    private static bool HasRange(string file) => File.Exists(file)
        && File.ReadLines(file).Any(line => line.StartsWith("root:", StringComparison.Ordinal) || line.StartsWith("0:", StringComparison.Ordinal));

    // --bind cannot name a path with a colon or a comma; --mount reads CSV, where a quoted field can.
    internal static void AddMount(List<string> arguments, Mount mount)
    {
        string image = mount.PathInImage is { } path ? $",{Field("image-src", path)}" : "";
        string text = $"type=bind,{Field("source", mount.Source)},{Field("destination", DeviceMounts.TargetOf(mount))}{image}{(mount.ReadOnly ? ",ro" : "")}";
        arguments.AddRange(["--mount", text]);
    }

    private static string LayerOf(ContainerSetup setup) => Path.Combine(setup.Scratch, "layer");

    private static string Field(string name, string value) =>
        value.AsSpan().IndexOfAny(',', '"') < 0
            ? $"{name}={value}"
            : $"\"{name}={value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
