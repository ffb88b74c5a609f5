using System.CommandLine;
using System.Text.Json.Nodes;
using MiniPlane.Connection;
using MiniPlane.Operations;

namespace MiniPlane.CommandLine;

/// <summary><c>miniplane status</c>: nodes, jobs, pods, DNS and store on one screen.</summary>
internal static class StatusCommand
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    public static Command Create(Terminal terminal)
    {
        Option<string?> dataDir = CommandGuard.DataDir();
        Option<string> output = OutputForm.Option();
        var watch = new Option<bool>("--watch", "-w") { Description = "Show it again every 2 seconds until Ctrl-C." };
        var command = new Command("status", "Show nodes, jobs, pods, DNS and store on one screen.") { dataDir, output, watch };
        command.SetAction((parsed, cancellationToken) => CommandGuard.RunAsync(
            terminal,
            () => ShowAsync(
                CommandGuard.Directory(parsed.GetValue(dataDir)), parsed.GetValue(watch), OutputForm.IsJson(parsed, output), terminal, cancellationToken),
            cancellationToken));
        return command;
    }

    private static async Task<int> ShowAsync(string dataDirectory, bool isWatch, bool isJson, Terminal terminal, CancellationToken cancellationToken)
    {
        try
        {
            using var server = ServerConnection.Open(dataDirectory);
            if (isWatch && !isJson)
            {
                terminal.Clear();
            }

            do
            {
                StatusReport report = await StatusReport.ReadAsync(server, cancellationToken);
                Print(report, isWatch, isJson, terminal);
                if (isWatch)
                {
                    await Task.Delay(Pause, TimeProvider.System, cancellationToken);
                }
            }
            while (isWatch);

            return ExitCodes.Success;
        }
        catch (CommandFailure failure) when (isJson)
        {
            terminal.Json(new JsonObject { ["running"] = false, ["message"] = failure.Message });
            return failure.ExitCode;
        }
    }

    private static void Print(StatusReport report, bool isWatch, bool isJson, Terminal terminal)
    {
        if (isJson)
        {
            terminal.Json(report.ToJson());
            return;
        }

        IReadOnlyList<Piece[]> screen = StatusScreen.Draw(report, TimeProvider.System.GetUtcNow());
        if (isWatch)
        {
            terminal.Redraw(screen);
        }
        else
        {
            terminal.Lines(screen);
        }
    }
}
