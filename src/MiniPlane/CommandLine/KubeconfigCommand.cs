using System.CommandLine;
using MiniPlane.ApiServer.Identity;
using MiniPlane.Connection;
using MiniPlane.Operations;

namespace MiniPlane.CommandLine;

/// <summary>
/// <c>miniplane kubeconfig</c>: prints the administrator's kubeconfig, merges it into the user's own, or makes one for somebody else.
/// </summary>
internal static class KubeconfigCommand
{
    public static Command Create(Terminal terminal)
    {
        Option<string?> dataDir = CommandGuard.DataDir();
        var command = new Command("kubeconfig", "Print the kubeconfig of the cluster, merge it into yours, or make one for a user.")
        {
            dataDir, Merge(terminal), User(terminal),
        };
        command.SetAction((parsed, cancellationToken) => CommandGuard.RunAsync(
            terminal,
            async () =>
            {
                string text = await File.ReadAllTextAsync(FileOf(CommandGuard.Directory(parsed.GetValue(dataDir))), cancellationToken);
                terminal.Line(text.TrimEnd());
                return ExitCodes.Success;
            },
            cancellationToken));
        return command;
    }

    private static Command Merge(Terminal terminal)
    {
        Option<string?> dataDir = CommandGuard.DataDir();
        var into = new Option<string?>("--into") { Description = "The file to merge into; default: the first of $KUBECONFIG, or ~/.kube/config.", HelpName = "FILE" };
        var name = new Option<string>("--context") { Description = "The name of the context.", HelpName = "NAME", DefaultValueFactory = _ => "miniplane" };
        var keep = new Option<bool>("--keep-current") { Description = "Do not make it the current context." };
        var command = new Command("merge", "Merge it into ~/.kube/config; what is there stays, again is the same as once.") { into, name, keep, dataDir };
        command.SetAction((parsed, cancellationToken) => CommandGuard.RunAsync(
            terminal,
            async () =>
            {
                string source = FileOf(CommandGuard.Directory(parsed.GetValue(dataDir)));
                string target = parsed.GetValue(into) ?? DefaultTarget(source);
                string context = parsed.GetRequiredValue(name);
                KubeconfigMerge.Into(target, await File.ReadAllTextAsync(source, cancellationToken), context, setsCurrent: !parsed.GetValue(keep));
                terminal.Step($"{target} has the context {context}");
                terminal.Line($"Next: kubectl --context {context} get nodes");
                return ExitCodes.Success;
            },
            cancellationToken));
        return command;
    }

    private static Command User(Terminal terminal)
    {
        Option<string?> dataDir = CommandGuard.DataDir();
        var user = new Argument<string>("NAME") { Description = "The user's name in the cluster." };
        var groups = new Option<string[]>("--group") { Description = "A group of the user; may be repeated.", HelpName = "GROUP" };
        var file = new Option<string?>("--file", "-f") { Description = "Write it there (0600) instead of printing it.", HelpName = "FILE" };
        var command = new Command("user", "Make a kubeconfig for a user, with a client certificate that the cluster signs.") { user, groups, file, dataDir };
        command.SetAction((parsed, cancellationToken) => CommandGuard.RunAsync(
            terminal,
            async () =>
            {
                using var server = ServerConnection.Open(CommandGuard.Directory(parsed.GetValue(dataDir)));
                string name = parsed.GetRequiredValue(user);
                string made = await UserKubeconfig.MakeAsync(server, name, parsed.GetValue(groups) ?? [], TimeProvider.System, cancellationToken);
                if (parsed.GetValue(file) is { } path)
                {
                    PrivateFile.Write(path, made);
                    terminal.Step($"{path} is the kubeconfig of {name}");
                    terminal.Line("It may do nothing yet; for example: "
                        + $"kubectl create rolebinding {name}-edit --clusterrole=edit --user={name}");
                }
                else
                {
                    terminal.Line(made.TrimEnd());
                }

                return ExitCodes.Success;
            },
            cancellationToken));
        return command;
    }

    private static string FileOf(string dataDirectory)
    {
        string file = Path.Combine(dataDirectory, AdminKubeconfig.FileName);
        return File.Exists(file) ? file : throw NotRunning.NoCluster(dataDirectory);
    }

    // Who exported KUBECONFIG as the banner says means the cluster's own file; merging that into itself helps nobody.
    private static string DefaultTarget(string source)
    {
        string? first = Environment.GetEnvironmentVariable("KUBECONFIG")?.Split(':', StringSplitOptions.RemoveEmptyEntries)
            .FirstOrDefault(path => Path.GetFullPath(path) != source);
        return first ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".kube", "config");
    }
}
