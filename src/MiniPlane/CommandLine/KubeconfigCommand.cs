using System.CommandLine;
using MiniPlane.Configuration;

namespace MiniPlane.CommandLine;

/// <summary><c>miniplane kubeconfig</c>: prints the administrator's kubeconfig of a data directory.</summary>
internal static class KubeconfigCommand
{
    public static Command Create(Terminal terminal)
    {
        var dataDir = new Option<string>(Settings.DataDir.Flag) { Description = Settings.DataDir.Description, HelpName = "DIR" };
        var command = new Command("kubeconfig", "Print the kubeconfig of the cluster.") { dataDir };
        command.SetAction(parsed => Print(parsed.GetValue(dataDir), terminal));
        return command;
    }

    private static int Print(string? dataDir, Terminal terminal)
    {
        SettingValues values = SettingsReader.Read(
            setting => setting == Settings.DataDir ? dataDir : null, Environment.GetEnvironmentVariable);
        string file = Path.Combine(values.FullPath(Settings.DataDir), "admin.conf");
        if (!File.Exists(file))
        {
            terminal.Error($"{file} does not exist; start the cluster first: miniplane up");
            return ExitCodes.Failure;
        }

        terminal.Line(File.ReadAllText(file).TrimEnd());
        return ExitCodes.Success;
    }
}
