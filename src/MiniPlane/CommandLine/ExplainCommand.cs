using System.CommandLine;
using MiniPlane.Connection;
using MiniPlane.Operations;

namespace MiniPlane.CommandLine;

/// <summary><c>miniplane explain pod NAME</c>: how a spec became a script, a job and files, and what happened.</summary>
internal static class ExplainCommand
{
    public static Command Create(Terminal terminal) => new("explain", "Tell how an object became what it is on the site.") { Pod(terminal) };

    private static Command Pod(Terminal terminal)
    {
        Option<string?> dataDir = CommandGuard.DataDir();
        Option<string> output = OutputForm.Option();
        var name = new Argument<string>("NAME") { Description = "The pod: NAME or NAMESPACE/NAME." };
        var ns = new Option<string>("--namespace", "-n") { Description = "Its namespace.", HelpName = "NAMESPACE", DefaultValueFactory = _ => "default" };
        var command = new Command("pod", "Spec, script, job, node, files and events of a pod as one time line.") { name, ns, output, dataDir };
        command.SetAction((parsed, cancellationToken) => CommandGuard.RunAsync(
            terminal,
            async () =>
            {
                string[] parts = parsed.GetRequiredValue(name).Split('/', 2);
                using var server = ServerConnection.Open(CommandGuard.Directory(parsed.GetValue(dataDir)));
                PodStory story = await PodStory.ReadAsync(
                    server, parts.Length == 2 ? parts[0] : parsed.GetRequiredValue(ns), parts[^1], cancellationToken);
                if (OutputForm.IsJson(parsed, output))
                {
                    terminal.Json(story.ToJson());
                }
                else
                {
                    terminal.Lines(ExplainScreen.Draw(story));
                }

                return ExitCodes.Success;
            },
            cancellationToken));
        return command;
    }
}
