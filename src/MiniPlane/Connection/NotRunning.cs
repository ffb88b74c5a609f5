using System.Globalization;
using MiniPlane.CommandLine;
using MiniPlane.Store.Locking;

namespace MiniPlane.Connection;

/// <summary>Says why there is no server to talk to, and what to do.</summary>
internal static class NotRunning
{
    public static CommandFailure NoCluster(string dataDirectory) => new(
        $"there is no cluster in {dataDirectory}; start one with `{Up(dataDirectory)}`, or name another with --data-dir", ExitCodes.NotRunning);

    public static CommandFailure NoAnswer(string dataDirectory, string server, Exception? reason, DataDirectoryOwner? owner) => owner switch
    {
        null or { IsGone: true } => new CommandFailure(
            $"MiniPlane is not running in {dataDirectory}; start it with `{Up(dataDirectory)}`", ExitCodes.NotRunning),
        { IsHere: true } => new CommandFailure(string.Create(
            CultureInfo.InvariantCulture,
            $"MiniPlane runs here as process {owner.Pid} but does not answer at {server} ({reason?.Message}); see `miniplane logs`, or end it with `kill {owner.Pid}`")),
        _ => new CommandFailure(string.Create(
            CultureInfo.InvariantCulture,
            $"MiniPlane runs on host {owner.Host} as process {owner.Pid} but {server} cannot be reached from here ({reason?.Message}); try the command on {owner.Host}")),
    };

    /// <summary>The command that starts the cluster.</summary>
    public static string Up(string dataDirectory) => $"{ProgramWords.Text} up{DataDirFlag(dataDirectory)}";

    /// <summary>What must be added to a command so that it means this directory; empty for the default.</summary>
    public static string DataDirFlag(string dataDirectory) =>
        dataDirectory == Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".miniplane")
            || dataDirectory == Environment.GetEnvironmentVariable("MINIPLANE_DATA_DIR")
            || dataDirectory == Environment.GetEnvironmentVariable("MINIPLANE_HOME")
            ? ""
            : $" --data-dir {dataDirectory}";
}
