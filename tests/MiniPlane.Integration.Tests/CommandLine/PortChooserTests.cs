using System.Globalization;
using System.Net;
using System.Net.Sockets;
using MiniPlane.Configuration;
using MiniPlane.Hosting;

namespace MiniPlane.Integration.Tests.CommandLine;

public sealed class PortChooserTests : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("miniplane-ports-").FullName;

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    public void A_remembered_port_is_taken_again_while_it_is_free()
    {
        int free = FreePort();
        PortChooser.Remember(_home, free);

        Assert.Equal(free, PortChooser.Choose(null, IPAddress.Loopback, _home));
    }

    [Fact]
    public void A_remembered_port_that_someone_else_has_is_given_up()
    {
        using Socket other = Listen(out int taken);
        PortChooser.Remember(_home, taken);

        Assert.NotEqual(taken, PortChooser.Choose(null, IPAddress.Loopback, _home));
    }

    [Fact]
    public void A_port_that_was_asked_for_but_is_taken_is_an_error_that_names_it()
    {
        using Socket other = Listen(out int taken);

        SettingException refused = Assert.Throws<SettingException>(() => PortChooser.Choose(taken, IPAddress.Loopback, _home));

        Assert.Contains(taken.ToString(CultureInfo.InvariantCulture), refused.Message, StringComparison.Ordinal);
    }

    private static int FreePort()
    {
        using Socket socket = Listen(out int port);
        return port;
    }

    private static Socket Listen(out int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Listen();
        port = (socket.LocalEndPoint as IPEndPoint)?.Port ?? 0;
        return socket;
    }
}
