using System.CommandLine;
using MiniPlane.CommandLine;
using MiniPlane.Objects.Processes;

namespace MiniPlane;

/// <summary>
/// The executable. It owns the console, the command line and the composition of the rooms; docs/flow.md tells the order in which
/// a request passes through them.
/// </summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        RuntimeFiles.Remove();
        var terminal = Terminal.ForProcess();
        ParseResult parsed = Commands.Create(terminal).Parse(args);
        Commands.ShortenErrors(parsed, args);
        int code = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(20) });
        if (parsed.Errors.Count == 0)
        {
            return code;
        }

        terminal.Error($"see `{Commands.HelpFor(parsed)}`");
        return ExitCodes.Usage;
    }
}
