using System.CommandLine;
using MiniPlane.Configuration;

namespace MiniPlane.CommandLine;

/// <summary><c>miniplane config</c>: the commented default file, its schema, or the settings that are in force and where from.</summary>
internal static class ConfigCommand
{
    public static Command Create(Terminal terminal)
    {
        Option<string?> dataDir = CommandGuard.DataDir();
        var schema = new Option<bool>("--schema") { Description = "Print the JSON schema of miniplane.yaml." };
        var site = new Option<bool>("--site") { Description = "Print a commented site file (/etc/miniplane/site.yaml or --site FILE)." };
        var show = new Option<bool>("--show") { Description = "Print every setting as a start would take it, and where it comes from." };
        var command = new Command("config", "Print a commented default miniplane.yaml.") { schema, site, show, dataDir };
        command.SetAction((parsed, cancellationToken) => CommandGuard.RunAsync(
            terminal,
            () =>
            {
                if (parsed.GetValue(schema))
                {
                    terminal.Json(SettingsSchema.Make());
                }
                else if (parsed.GetValue(site))
                {
                    terminal.Raw(SiteTemplate.Text);
                }
                else if (parsed.GetValue(show))
                {
                    Show(CommandGuard.Values(parsed.GetValue(dataDir)), terminal);
                }
                else
                {
                    terminal.Raw(SettingsTemplate.Make());
                }

                return Task.FromResult(ExitCodes.Success);
            },
            cancellationToken));
        return command;
    }

    private static void Show(SettingValues values, Terminal terminal)
    {
        var table = new TextTable("SETTING", "VALUE", "FROM");
        foreach (SettingDefinition setting in Settings.All)
        {
            table.Add(setting.Name, values.Text(setting), values.SourceOf(setting));
        }

        terminal.Lines(table.Lines());
    }
}
