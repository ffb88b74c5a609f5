using System.CommandLine;
using MiniPlane.Configuration;
using MiniPlane.Hosting;

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
            option.CompletionSources.Add([.. setting.Choices]);
            options.Add(setting, option);
            command.Options.Add(option);
        }

        command.SetAction((parsed, cancellationToken) => CommandGuard.RunAsync(
            terminal,
            async () =>
            {
                SettingValues values = SettingsReader.Read(setting => parsed.GetValue(options[setting]), Environment.GetEnvironmentVariable);
                await ControlPlane.RunAsync(UpOptions.From(values), terminal, cancellationToken);
                return ExitCodes.Success;
            },
            cancellationToken));
        return command;
    }
}
