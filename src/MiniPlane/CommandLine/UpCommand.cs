using System.CommandLine;
using MiniPlane.Configuration;
using MiniPlane.Hosting;
using MiniPlane.InSlurm;

namespace MiniPlane.CommandLine;

/// <summary><c>miniplane up</c>: runs the cluster in the foreground until Ctrl-C or SIGTERM. Jobs go on without it.</summary>
internal static class UpCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("up", "Run the cluster in the foreground, or as a Slurm job.");
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

        InSlurmOptions inSlurm = new();
        inSlurm.AddTo(command);
        command.SetAction((parsed, cancellationToken) => CommandGuard.RunAsync(
            terminal,
            async () =>
            {
                SettingValues values = SettingsReader.Read(setting => parsed.GetValue(options[setting]), Environment.GetEnvironmentVariable);
                var asWanted = UpOptions.From(values);
                if (inSlurm.Read(parsed) is { } asked)
                {
                    return await InSlurmStart.RunAsync(asWanted, asked, terminal, cancellationToken);
                }

                using JobServer? job = inSlurm.IsJob(parsed) ? await JobServer.EnterAsync(asWanted, cancellationToken) : null;
                await ControlPlane.RunAsync(asWanted, job, terminal, cancellationToken);
                return ExitCodes.Success;
            },
            cancellationToken));
        return command;
    }
}
