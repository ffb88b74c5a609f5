using System.CommandLine;
using MiniPlane.Configuration;
using MiniPlane.Connection;
using MiniPlane.Store;
using MiniPlane.Store.Locking;
using MiniPlane.Store.Snapshots;

namespace MiniPlane.CommandLine;

/// <summary>What all commands have in common: where the cluster is, and how a failure becomes a message and an exit code.</summary>
internal static class CommandGuard
{
    public static Option<string?> DataDir() =>
        new(Settings.DataDir.Flag) { Description = Settings.DataDir.Description, HelpName = Settings.DataDir.ValueName };

    /// <summary>The data directory that is meant: by the flag, the environment, or the default.</summary>
    public static string Directory(string? dataDir) => Values(dataDir).FullPath(Settings.DataDir);

    public static SettingValues Values(string? dataDir) => SettingsReader.Read(
        setting => setting == Settings.DataDir ? dataDir : null, Environment.GetEnvironmentVariable);

    public static async Task<int> RunAsync(Terminal terminal, Func<Task<int>> action, CancellationToken cancellationToken)
    {
        try
        {
            return await action();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCodes.Success;
        }
        catch (Exception exception) when (CodeOf(exception) is { } code)
        {
            terminal.Error(exception.Message);
            return code;
        }
    }

    private static int? CodeOf(Exception exception) => exception switch
    {
        CommandFailure failure => failure.ExitCode,
        SettingException => ExitCodes.Usage,
        DataDirectoryInUseException => ExitCodes.AlreadyRunning,
        SnapshotDamagedException => ExitCodes.Damaged,
        StoreUnusableException unusable => unusable.IsDamage ? ExitCodes.Damaged : ExitCodes.Failure,
        IOException or UnauthorizedAccessException or HttpRequestException => ExitCodes.Failure,
        _ => null,
    };
}
