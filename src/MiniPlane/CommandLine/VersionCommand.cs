using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using MiniPlane.Operations;

namespace MiniPlane.CommandLine;

/// <summary><c>miniplane version</c>: one line, for scripts and bug reports.</summary>
internal static class VersionCommand
{
    public static Command Create(Terminal terminal)
    {
        Option<string> output = OutputForm.Option();
        var command = new Command("version", "Print the version.") { output };
        command.SetAction(parsed =>
        {
            if (OutputForm.IsJson(parsed, output))
            {
                terminal.Json(new JsonObject
                {
                    ["version"] = ProgramVersion.Text,
                    ["kubernetesApi"] = ProgramVersion.KubernetesApi,
                    ["runtime"] = RuntimeInformation.FrameworkDescription,
                    ["platform"] = RuntimeInformation.RuntimeIdentifier,
                });
            }
            else
            {
                terminal.Line($"miniplane {ProgramVersion.Text} (Kubernetes API {ProgramVersion.KubernetesApi})");
            }

            return ExitCodes.Success;
        });
        return command;
    }
}
