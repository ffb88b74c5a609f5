using System.CommandLine;
using MiniPlane.Configuration;
using MiniPlane.Hosting;
using MiniPlane.Store;
using MiniPlane.Store.Locking;

namespace MiniPlane.CommandLine;

/// <summary><c>miniplane up</c>: runs the cluster in the foreground until Ctrl-C or SIGTERM. Jobs go on without it.</summary>
internal static class UpCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("up", "Run the cluster in the foreground.");
        Dictionary<SettingDefinition, Option<string?>> options = [];
        foreach (SettingDefinition setting in Settings.All)
        {
            string @default = setting.Default.Length > 0 ? $" [default: {setting.Default}]" : "";
            var option = new Option<string?>(setting.Flag)
            {
                Description = setting.Description + @default,
                HelpName = setting.ValueName,
            };
            options.Add(setting, option);
            command.Options.Add(option);
        }

        command.SetAction((parsed, cancellationToken) =>
            RunAsync(setting => parsed.GetValue(options[setting]), terminal, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        Func<SettingDefinition, string?> flag, Terminal terminal, CancellationToken cancellationToken)
    {
        try
        {
            SettingValues values = SettingsReader.Read(flag, Environment.GetEnvironmentVariable);
            await ControlPlane.RunAsync(UpOptions.From(values), terminal, cancellationToken);
            return ExitCodes.Success;
        }
        catch (DataDirectoryInUseException exception)
        {
            terminal.Error(exception.Message);
            return ExitCodes.AlreadyRunning;
        }
        catch (StoreUnusableException exception)
        {
            terminal.Error(exception.Message);
            return exception.IsDamage ? ExitCodes.Damaged : ExitCodes.Failure;
        }
        catch (SettingException exception)
        {
            terminal.Error(exception.Message);
            return ExitCodes.Usage;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCodes.Success;
        }
    }
}
