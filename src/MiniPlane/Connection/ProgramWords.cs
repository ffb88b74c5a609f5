using MiniPlane.Workloads.Slurm.Access;
using MiniPlane.Workloads.Translation;

namespace MiniPlane.Connection;

/// <summary>How the user calls this program: what messages tell to type must work when it is pasted, from a container's user too.</summary>
internal static class ProgramWords
{
    public static string Text { get; } = Of(Environment.GetEnvironmentVariable, Directory.Exists);

    /// <param name="environment">The value of an environment variable, or null.</param>
    /// <param name="directoryExists">Whether there is such a directory.</param>
    public static string Of(Func<string, string?> environment, Func<string, bool> directoryExists)
    {
        string? file = environment("APPTAINER_CONTAINER") ?? environment("SINGULARITY_CONTAINER");
        if (file is not { Length: > 0 })
        {
            return "miniplane";
        }

        // Without what it was started with, the next one would not find the site's Slurm.
        string bind = directoryExists($"{ContainerTraces.HostDirectory}/usr") ? $" --bind /:{ContainerTraces.HostDirectory}" : "";
        return $"apptainer run{bind} {ShellWords.Quote(file)}";
    }
}
