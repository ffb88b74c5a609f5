using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using MiniPlane.Configuration;
using MiniPlane.Doctor;
using MiniPlane.Hosting;
using MiniPlane.Workloads.Backends;
using MiniPlane.Workloads.Slurm;

namespace MiniPlane.CommandLine;

/// <summary><c>miniplane doctor</c>: examines the site; each line that is not fine says what to do.</summary>
internal static class DoctorCommand
{
    private static readonly SettingDefinition[] Used = [Settings.DataDir, Settings.Bind, Settings.Port, Settings.Backend, Settings.Slurmrestd, Settings.SlurmrestdTokenFile, Settings.Site, Settings.Agent];

    public static Command Create(Terminal terminal)
    {
        Dictionary<SettingDefinition, Option<string?>> options = Used.ToDictionary(
            setting => setting, setting => new Option<string?>(setting.Flag) { Description = setting.Description, HelpName = setting.ValueName });
        var noJob = new Option<bool>("--no-job") { Description = "Do not run a short job on a compute node." };
        var partition = new Option<string?>("--partition") { Description = "The partition of that job; default: the first that is up.", HelpName = "NAME" };
        Option<string> output = OutputForm.Option();
        var command = new Command("doctor", "Examine the site: what a cluster needs, and what to do where it is missing.") { noJob, partition, output };
        foreach (Option<string?> option in options.Values)
        {
            command.Options.Add(option);
        }

        command.SetAction((parsed, cancellationToken) => CommandGuard.RunAsync(
            terminal,
            async () =>
            {
                var up = UpOptions.From(SettingsReader.Read(
                    setting => options.TryGetValue(setting, out Option<string?>? option) ? parsed.GetValue(option) : null, Environment.GetEnvironmentVariable));
                await using ServiceProvider services = Examination.Services(up);
                var examination = new Examination(up, services.GetRequiredService<ISiteCommands>(), services.GetRequiredService<IWorkloadBackend>, TimeProvider.System);
                IReadOnlyList<Finding> findings = [];
                bool wasThere = Directory.Exists(up.DataDirectory);
                await terminal.WaitAsync(
                    "Examining the site", async () => findings = await examination.RunAsync(!parsed.GetValue(noJob), parsed.GetValue(partition), cancellationToken));
                if (!wasThere && Directory.Exists(up.DataDirectory) && !Directory.EnumerateFileSystemEntries(up.DataDirectory).Any())
                {
                    Directory.Delete(up.DataDirectory);
                }

                return Print(findings, OutputForm.IsJson(parsed, output), terminal);
            },
            cancellationToken));
        return command;
    }

    internal static int Print(IReadOnlyList<Finding> findings, bool isJson, Terminal terminal)
    {
        int broken = findings.Count(finding => finding.Severity == Severity.Broken);
        if (isJson)
        {
            terminal.Json(new JsonObject
            {
                ["fit"] = broken == 0,
                ["findings"] = new JsonArray([.. findings.Select(ToJson)]),
            });
        }
        else
        {
            PrintLines(findings, broken, terminal);
        }

        return broken == 0 ? ExitCodes.Success : ExitCodes.Unfit;
    }

    private static void PrintLines(IReadOnlyList<Finding> findings, int broken, Terminal terminal)
    {
        int width = findings.Max(finding => finding.Check.Length) + 2;
        foreach (Finding finding in findings)
        {
            terminal.Line(Mark(finding.Severity), Piece.Title(finding.Check.PadRight(width)), finding.Message);
            if (finding.Fix.Length > 0)
            {
                terminal.Line(new string(' ', width + 6), Piece.Dim("→ "), finding.Fix);
            }
        }

        terminal.Line("");
        terminal.Line(broken == 0
            ? "The site is fit. Next: miniplane up"
            : string.Create(CultureInfo.InvariantCulture, $"{broken} of {findings.Count} checks must be mended before pods can run; each line above says how."));
    }

    private static Piece Mark(Severity severity) => severity switch
    {
        Severity.Fine => Piece.Good("ok    "),
        Severity.Weak => Piece.Warn("weak  "),
        _ => Piece.Bad("FAIL  "),
    };

    private static JsonNode ToJson(Finding finding) => new JsonObject
    {
        ["check"] = finding.Check,
        ["result"] = finding.Severity switch { Severity.Fine => "ok", Severity.Weak => "weak", _ => "fail" },
        ["message"] = finding.Message,
        ["fix"] = finding.Fix,
    };
}
