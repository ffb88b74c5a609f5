using System.CommandLine;

namespace MiniPlane.CommandLine;

/// <summary>
/// <c>miniplane install DIR</c>: copies the programs there, so that they run without the container that they came in. What is
/// there already is replaced file by file; a program that runs keeps its own copy.
/// </summary>
internal static class InstallCommand
{
    private const UnixFileMode Program = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    public static Command Create(Terminal terminal)
    {
        var directory = new Argument<string>("DIR") { Description = "A directory that the compute nodes see too, such as ~/bin." };
        var command = new Command("install", "Copy the programs to a directory, to run them without a container.") { directory };
        command.SetAction(parsed => Install(AppContext.BaseDirectory, parsed.GetValue(directory) ?? ".", terminal));
        return command;
    }

    internal static int Install(string from, string directory, Terminal terminal)
    {
        string target = Path.GetFullPath(Configuration.SettingValues.ExpandHome(directory));
        try
        {
            Directory.CreateDirectory(target);
            foreach (string file in Directory.EnumerateFiles(from).Order(StringComparer.Ordinal))
            {
                string part = Path.Combine(target, $".{Path.GetFileName(file)}.part");
                File.Copy(file, part, overwrite: true);
                File.SetUnixFileMode(part, Program);
                File.Move(part, Path.Combine(target, Path.GetFileName(file)), overwrite: true);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            terminal.Error($"{exception.Message}; choose another directory: miniplane install DIR");
            return ExitCodes.Failure;
        }

        terminal.Step($"installed in {target}");
        terminal.Line($"  start the cluster with: {Path.Combine(target, "miniplane")} up");
        return ExitCodes.Success;
    }
}
