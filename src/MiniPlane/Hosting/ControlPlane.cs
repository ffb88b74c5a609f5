using MiniPlane.CommandLine;
using MiniPlane.Configuration;

namespace MiniPlane.Hosting;

/// <summary>Composes the rooms into one host and runs it.</summary>
internal static class ControlPlane
{
    public static Task RunAsync(SettingValues values, Terminal terminal, CancellationToken cancellationToken)
    {
        string dataDirectory = values.FullPath(Settings.DataDir);
        Directory.CreateDirectory(dataDirectory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        terminal.Step($"Data directory {dataDirectory}");
        return Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
    }
}
