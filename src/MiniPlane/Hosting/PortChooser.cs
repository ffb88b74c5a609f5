using System.Globalization;
using System.Net;
using System.Net.Sockets;
using MiniPlane.Configuration;
using MiniPlane.Operations;

namespace MiniPlane.Hosting;

/// <summary>
/// Takes the API server's port: the one asked for, else the one remembered in the data directory, else 6443 or the next free one.
/// Several people share a login node and start at the same moment, so a port is not looked at but taken: who listens on it has it.
/// </summary>
internal static class PortChooser
{
    private const int First = 6443;
    private const int Attempts = 500;

    // What waits here until the server takes it; Kestrel sets the same again.
    private const int Backlog = 512;

    /// <summary>A socket that listens on the chosen port. Whoever calls owns it.</summary>
    public static Socket Take(int? asked, IPAddress bind, string dataDirectory)
    {
        if (asked is { } port)
        {
            return Listen(bind, port) ?? throw new SettingException(
                $"port: {port} on {bind} is taken by another process; choose another or leave --port out");
        }

        if (Remembered(dataDirectory) is { } remembered && Listen(bind, remembered) is { } again)
        {
            return again;
        }

        for (int candidate = First; candidate < First + Attempts; candidate++)
        {
            if (Listen(bind, candidate) is { } free)
            {
                return free;
            }
        }

        throw new SettingException($"port: none of {First} to {First + Attempts - 1} is free on {bind}; give one with --port");
    }

    /// <summary>The port on which a socket of <see cref="Take"/> listens.</summary>
    public static int PortOf(Socket socket) => (socket.LocalEndPoint as IPEndPoint)?.Port ?? 0;

    public static void Remember(string dataDirectory, int port) =>
        PrivateFile.Write(FileIn(dataDirectory), port.ToString(CultureInfo.InvariantCulture));

    private static int? Remembered(string dataDirectory) =>
        File.Exists(FileIn(dataDirectory))
        && int.TryParse(File.ReadAllText(FileIn(dataDirectory)), CultureInfo.InvariantCulture, out int port)
        && port is > 0 and < 65536
            ? port
            : null;

    private static string FileIn(string dataDirectory) => Path.Combine(dataDirectory, "port");

    /// <summary>
    /// Null when another has it. To bind is not enough: .NET sets SO_REUSEADDR, with which Linux lets two sockets have one port as
    /// long as neither listens (socket(7)).
    /// </summary>
    private static Socket? Listen(IPAddress bind, int port)
    {
        var socket = new Socket(bind.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(bind, port));
            socket.Listen(Backlog);
            return socket;
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            socket.Dispose();
            return null;
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            throw new SettingException($"bind: cannot listen on {bind}: {exception.Message}; it must be an address of this host");
        }
    }
}
