namespace MiniPlane.Agent.Runtime;

/// <summary>What Apptainer is told. Nothing of the host comes in but what the pod names.</summary>
internal static class ApptainerArguments
{
    public static IReadOnlyList<string> ForHolder(ContainerSetup setup, string holder, string holderTarget)
    {
        List<string> arguments =
        [
            "-q", "exec",
            "--userns", "--fakeroot",
            "--containall", "--cleanenv", "--no-eval",
            "--no-home", "--no-mount", "home,cwd,bind-paths,hostfs,tmp",
            "--uts", "--hostname", setup.HostName,
        ];
        if (!setup.ReadOnlyRoot)
        {
            string layer = Path.Combine(setup.Scratch, "layer");
            Directory.CreateDirectory(layer);
            arguments.AddRange(["--overlay", layer]);
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

        AddMount(arguments, new Mount(holder, holderTarget, ReadOnly: true));
        foreach (Mount mount in setup.Mounts.OrderBy(mount => mount.Target, StringComparer.Ordinal))
        {
            AddMount(arguments, mount);
        }

        arguments.AddRange([setup.Image.Path, holderTarget, .. DeviceMounts.Links(setup.Mounts)]);
        return arguments;
    }

    // --bind cannot name a path with a colon or a comma; --mount reads CSV, where a quoted field can.
    private static void AddMount(List<string> arguments, Mount mount)
    {
        string text = $"type=bind,{Field("source", mount.Source)},{Field("destination", DeviceMounts.TargetOf(mount))}{(mount.ReadOnly ? ",ro" : "")}";
        arguments.AddRange(["--mount", text]);
    }

    private static string Field(string name, string value) =>
        value.AsSpan().IndexOfAny(',', '"') < 0
            ? $"{name}={value}"
            : $"\"{name}={value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
