using System.CommandLine;
using System.Reflection;

namespace MiniPlane.CommandLine;

/// <summary><c>miniplane version</c>: one line, for scripts and bug reports.</summary>
internal static class VersionCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("version", "Print the version.");
        command.SetAction(_ =>
        {
            string version = typeof(VersionCommand).Assembly
                .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
            terminal.Line($"miniplane {version} (Kubernetes API 1.36)");
            return ExitCodes.Success;
        });
        return command;
    }
}
