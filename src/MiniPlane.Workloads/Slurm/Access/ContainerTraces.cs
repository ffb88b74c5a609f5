namespace MiniPlane.Workloads.Slurm.Access;

/// <summary>
/// Whether this process runs in an Apptainer container, and what of its environment is the container's own. Jobs must not inherit
/// that: their <c>apptainer</c> would bind what this container binds, and look for programs where this container has them.
/// </summary>
public static class ContainerTraces
{
    /// <summary>Where a container looks for the host's root.</summary>
    public const string HostDirectory = "/host";

    // USER_PATH is where Apptainer keeps the PATH of the shell that started it.
    private const string PathOutside = "USER_PATH";
    private const string Libraries = "/.singularity.d/libs";
    private static readonly string[] Starts = ["APPTAINER_", "SINGULARITY_"];
    private static readonly string[] Own = ["APPNAME", "BIND", "COMMAND", "CONTAINER", "ENVIRONMENT", "NAME"];

    /// <summary>Whether Apptainer (or Singularity before it) runs this process.</summary>
    /// <param name="environment">The value of an environment variable, or null.</param>
    public static bool IsContainer(Func<string, string?> environment) =>
        environment("APPTAINER_CONTAINER") is { Length: > 0 } || environment("SINGULARITY_CONTAINER") is { Length: > 0 };

    /// <summary>The directories in which the user's shell outside looks for programs.</summary>
    internal static IEnumerable<string> PathsOutside(Func<string, string?> environment) =>
        (environment(PathOutside) ?? environment("PATH") ?? "").Split(':').Where(directory => directory.StartsWith('/'));

    /// <summary>Leaves the environment as the user's shell outside has it, as far as that is known.</summary>
    internal static void Remove(IDictionary<string, string?> environment)
    {
        if (!IsContainer(name => environment.TryGetValue(name, out string? value) ? value : null))
        {
            return;
        }

        foreach (string name in Starts.SelectMany(start => Own.Select(end => start + end)).Concat(["PROMPT_COMMAND", "PS1"]))
        {
            environment.Remove(name);
        }

        if (environment.TryGetValue(PathOutside, out string? path) && path is { Length: > 0 })
        {
            environment["PATH"] = path;
            environment.Remove(PathOutside);
        }

        if (environment.TryGetValue("LD_LIBRARY_PATH", out string? libraries) && libraries is not null)
        {
            string rest = string.Join(':', libraries.Split(':').Where(directory => directory != Libraries));
            environment["LD_LIBRARY_PATH"] = rest;
            if (rest.Length == 0)
            {
                environment.Remove("LD_LIBRARY_PATH");
            }
        }
    }
}
