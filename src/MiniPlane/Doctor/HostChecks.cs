using System.Globalization;
using System.Net.Sockets;
using MiniPlane.Configuration;
using MiniPlane.Hosting;
using MiniPlane.Operations;
using MiniPlane.Store.Locking;

namespace MiniPlane.Doctor;

/// <summary>What can be seen without leaving this host: the data directory, room in it, ports, the agent's program.</summary>
internal static class HostChecks
{
    private const long LeastRoom = 2L * 1024 * 1024 * 1024;

    public static IReadOnlyList<Finding> Run(UpOptions options) =>
    [
        DataDirectory(options.DataDirectory),
        Room(options.DataDirectory),
        Name(),
        Agent(options),
    ];

    /// <summary>The port that a start would take, and a socket that listens on it meanwhile, unless a server has it already.</summary>
    public static (Finding Finding, Socket? Listening) Port(UpOptions options)
    {
        if (DataDirectoryLock.FindOwner(options.DataDirectory) is { IsGone: false } owner)
        {
            return (Finding.Fine("port", string.Create(CultureInfo.InvariantCulture, $"the server runs already (host {owner.Host}, process {owner.Pid})")), null);
        }

        try
        {
            Socket socket = PortChooser.Take(options.Port, options.BindAddress, options.DataDirectory);
            return (Finding.Fine("port", string.Create(CultureInfo.InvariantCulture, $"{PortChooser.PortOf(socket)} is free on {options.BindAddress}")), socket);
        }
        catch (SettingException exception)
        {
            return (Finding.Broken("port", exception.Message, "leave --port out, or name a free one; --bind must be an address of this host"), null);
        }
    }

    private static Finding DataDirectory(string directory)
    {
        try
        {
            Directory.CreateDirectory(directory, PrivateFile.Mode | UnixFileMode.UserExecute);
            string trial = Path.Combine(directory, $".doctor-{Guid.NewGuid():N}");
            PrivateFile.Write(trial, "");
            File.Delete(trial);
            UnixFileMode others = File.GetUnixFileMode(directory) & ~(PrivateFile.Mode | UnixFileMode.UserExecute);
            return others == UnixFileMode.None
                ? Finding.Fine("data directory", $"{directory} can be written, and by its owner alone")
                : Finding.Weak("data directory", $"{directory} can be read by others", $"chmod 700 {directory} (a start does it)");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Finding.Broken("data directory", exception.Message, "name a directory that you can write, with room in it: --data-dir DIR");
        }
    }

    private static Finding Room(string directory)
    {
        try
        {
            long free = new DriveInfo(directory).AvailableFreeSpace;
            return free >= LeastRoom
                ? Finding.Fine("room", $"{Quantities.Bytes(free)} free in {directory}")
                : Finding.Weak("room", $"only {Quantities.Bytes(free)} free in {directory}", "images and logs are kept there; free some, or use --data-dir, or imageCache in a site file");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return Finding.Weak("room", $"cannot be told: {exception.Message}", "look with `df`");
        }
    }

    private static Finding Name()
    {
        string name = System.Net.Dns.GetHostName();
        try
        {
            return System.Net.Dns.GetHostAddresses(name).Length > 0
                ? Finding.Fine("host name", $"{name} has an address")
                : Finding.Weak("host name", $"{name} has no address here", "nodes will use this host's addresses instead; nothing to do");
        }
        catch (SocketException exception)
        {
            return Finding.Weak("host name", $"{name}: {exception.Message}", "nodes will use this host's addresses instead; nothing to do");
        }
    }

    private static Finding Agent(UpOptions options)
    {
        string program = AgentProgram.Find(options.AgentCommand, AppContext.BaseDirectory)[^1];
        return File.Exists(program) || !program.Contains('/', StringComparison.Ordinal)
            ? Finding.Fine("agent", program)
            : Finding.Broken("agent", $"{program} does not exist", "keep miniplane-agent beside miniplane, or name it with --agent");
    }
}
