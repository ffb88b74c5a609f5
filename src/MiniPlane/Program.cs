using System.CommandLine;
using MiniPlane.CommandLine;

namespace MiniPlane;

/// <summary>
/// The executable. It owns the console, the command line and the composition of the rooms; docs/flow.md tells the order in which
/// a request passes through them.
/// </summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        var root = new RootCommand("MiniPlane: a private Kubernetes cluster on top of your Slurm account.")
        {
            UpCommand.Create(Terminal.ForProcess()),
            KubeconfigCommand.Create(Terminal.ForProcess()),
            SnapshotCommand.Create(Terminal.ForProcess()),
            InstallCommand.Create(Terminal.ForProcess()),
            VersionCommand.Create(Terminal.ForProcess()),
        };
        ParseResult parsed = root.Parse(args);
        int code = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(20) });
        return parsed.Errors.Count > 0 ? ExitCodes.Usage : code;
    }
}
