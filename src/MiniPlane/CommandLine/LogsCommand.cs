using System.CommandLine;
using MiniPlane.Connection;
using MiniPlane.Hosting;

namespace MiniPlane.CommandLine;

/// <summary><c>miniplane logs</c>: the server's own log, over its rotations.</summary>
internal static class LogsCommand
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    public static Command Create(Terminal terminal)
    {
        Option<string?> dataDir = CommandGuard.DataDir();
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on printing what is added, until Ctrl-C." };
        var tail = new Option<int>("--tail", "-n") { Description = "How many of the last lines; -1 for all.", HelpName = "N", DefaultValueFactory = _ => 100 };
        var command = new Command("logs", "Print the server's own log (pods' logs: kubectl logs).") { dataDir, follow, tail };
        command.SetAction((parsed, cancellationToken) => CommandGuard.RunAsync(
            terminal,
            () => PrintAsync(CommandGuard.Directory(parsed.GetValue(dataDir)), parsed.GetValue(tail), parsed.GetValue(follow), terminal, cancellationToken),
            cancellationToken));
        return command;
    }

    private static async Task<int> PrintAsync(
        string dataDirectory, int tail, bool isFollowing, Terminal terminal, CancellationToken cancellationToken)
    {
        var log = new LogReader(LogFile.Directory(dataDirectory));
        IReadOnlyList<string> last = log.ReadLast(tail < 0 ? int.MaxValue : tail);
        if (last.Count == 0 && !isFollowing)
        {
            throw new CommandFailure(
                $"there is no log in {LogFile.Directory(dataDirectory)}; has a cluster been started there? `{NotRunning.Up(dataDirectory)}`", ExitCodes.NotRunning);
        }

        foreach (string line in last)
        {
            terminal.Line(line);
        }

        while (isFollowing)
        {
            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
            terminal.Raw(log.ReadMore());
        }

        return ExitCodes.Success;
    }
}
