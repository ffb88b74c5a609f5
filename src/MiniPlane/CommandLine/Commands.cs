using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;

namespace MiniPlane.CommandLine;

/// <summary>All commands, in the order in which help shows them.</summary>
internal static class Commands
{
    public static RootCommand Create(Terminal terminal) =>
        new("MiniPlane: a private Kubernetes cluster on top of your Slurm account.")
        {
            UpCommand.Create(terminal),
            DownCommand.Create(terminal),
            StatusCommand.Create(terminal),
            DoctorCommand.Create(terminal),
            ExplainCommand.Create(terminal),
            KubeconfigCommand.Create(terminal),
            LogsCommand.Create(terminal),
            SnapshotCommand.Create(terminal),
            ConfigCommand.Create(terminal),
            CompletionCommand.Create(terminal),
            InstallCommand.Create(terminal),
            VersionCommand.Create(terminal),
        };

    /// <summary>What is wrong with a command line is said in its own lines, not between those of the help; without any command the help says most.</summary>
    public static void ShortenErrors(ParseResult parsed, IReadOnlyCollection<string> args)
    {
        if (parsed.Action is ParseErrorAction error)
        {
            error.ShowHelp = args.Count == 0;
        }
    }

    /// <summary>The command that tells what would have been right.</summary>
    public static string HelpFor(ParseResult parsed)
    {
        List<string> words = ["--help"];
        for (CommandResult? at = parsed.CommandResult; at is { Parent: not null }; at = at.Parent as CommandResult)
        {
            words.Insert(0, at.Command.Name);
        }

        return "miniplane " + string.Join(' ', words);
    }
}
