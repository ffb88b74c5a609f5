using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace MiniPlane.Agent.Runtime;

/// <summary>The programs of the node that the Apptainer runtime needs, found once.</summary>
internal sealed record ApptainerTools
{
    private static readonly string[] SystemDirectories = ["/usr/bin", "/bin", "/usr/sbin", "/sbin", "/usr/local/bin"];

    private string? _version;

    public required string Apptainer { get; init; }

    /// <summary>Asked for when somebody wants it: it takes as long as a program takes to start.</summary>
    public string Version => _version ??= ReadVersion(Apptainer) ?? "";

    public required string NsEnter { get; init; }

    public required string SetSid { get; init; }

    /// <summary>Finds the tools; null when one that is needed is not there (its name in <paramref name="missing"/>).</summary>
    public static ApptainerTools? Find(string command, out string missing)
    {
        missing = command;
        if (Resolve(command) is not { } apptainer)
        {
            return null;
        }

        missing = "nsenter";
        if (Resolve(missing) is not { } nsEnter)
        {
            return null;
        }

        missing = "setsid";
        return Resolve(missing) is { } setSid
            ? new ApptainerTools { Apptainer = apptainer, NsEnter = nsEnter, SetSid = setSid }
            : null;
    }

    /// <summary>
    /// nsenter's arguments that run Apptainer as root in another container's user and process namespaces, with mounts of its own.
    /// </summary>
    public string[] JoinArguments(int process) =>
    [
        "--target", process.ToString(CultureInfo.InvariantCulture), "--pid", .. UserNamespaceEntry.Arguments(process, ContainerUser.Root), "--",
        Resolve("unshare") ?? throw new ContainerStartException("RunContainerError", "unshare (util-linux), which shared processes need, is not on this node"),
        "--mount", "--mount-proc", Apptainer,
    ];

    /// <summary>The full path of a program of the node.</summary>
    public static string? Resolve(string command)
    {
        if (command.Contains('/', StringComparison.Ordinal))
        {
            return File.Exists(command) ? command : null;
        }

        string[] path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        return path.Concat(SystemDirectories).Select(directory => Path.Combine(directory, command)).FirstOrDefault(File.Exists);
    }

    /// <summary>Takes out what would change how Apptainer starts a container: a user's own APPTAINER_BIND, for one.</summary>
    public static void CleanEnvironment(IDictionary<string, string?> environment)
    {
        foreach (string name in OwnVariables(environment.Keys).ToList())
        {
            environment.Remove(name);
        }
    }

    /// <summary>Those of the names that Apptainer reads, but for where it keeps its files.</summary>
    public static IEnumerable<string> OwnVariables(IEnumerable<string> names) => names.Where(name =>
        (name.StartsWith("APPTAINER", StringComparison.Ordinal) || name.StartsWith("SINGULARITY", StringComparison.Ordinal))
        && !name.EndsWith("_CACHEDIR", StringComparison.Ordinal)
        && !name.EndsWith("_TMPDIR", StringComparison.Ordinal));

    private static string? ReadVersion(string apptainer)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(apptainer, "--version") { UseShellExecute = false, RedirectStandardOutput = true });
            string text = process?.StandardOutput.ReadToEnd().Trim() ?? "";
            return text.Length > 0 ? text[(text.LastIndexOf(' ') + 1)..] : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
