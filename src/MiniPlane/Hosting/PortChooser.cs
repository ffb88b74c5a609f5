using System.Globalization;
using System.Net;
using System.Net.Sockets;
using MiniPlane.Configuration;

namespace MiniPlane.Hosting;

/// <summary>
/// Chooses the API server's port: the one asked for, else the one remembered in the data directory, else 6443 or the next free
/// one. Several people share a login node, so a taken port is normal.
/// </summary>
internal static class PortChooser
{
    private const int First = 6443;
    private const int Attempts = 500;

    public static int Choose(int? asked, IPAddress bind, string dataDirectory)
    {
        if (asked is { } port)
        {
            return IsFree(bind, port)
                ? port
                : throw new SettingException($"port: {port} on {bind} is taken by another process; choose another or leave --port out");
        }

        if (Remembered(dataDirectory) is { } remembered && IsFree(bind, remembered))
        {
            return remembered;
        }

        for (int candidate = First; candidate < First + Attempts; candidate++)
        {
            if (IsFree(bind, candidate))
            {
                return candidate;
            }
        }

        throw new SettingException($"port: none of {First} to {First + Attempts - 1} is free on {bind}; give one with --port");
    }

    public static void Remember(string dataDirectory, int port) =>
        File.WriteAllText(FileIn(dataDirectory), port.ToString(CultureInfo.InvariantCulture));

    private static int? Remembered(string dataDirectory) =>
        File.Exists(FileIn(dataDirectory))
        && int.TryParse(File.ReadAllText(FileIn(dataDirectory)), CultureInfo.InvariantCulture, out int port)
        && port is > 0 and < 65536
            ? port
            : null;

    private static string FileIn(string dataDirectory) => Path.Combine(dataDirectory, "port");

    private static bool IsFree(IPAddress bind, int port)
    {
        using var socket = new Socket(bind.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(bind, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
