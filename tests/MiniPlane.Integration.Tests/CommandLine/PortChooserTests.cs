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
        // Bound but not listening: nobody else is given the port meanwhile, and it can still be taken.
        using Socket kept = Bind();
        PortChooser.Remember(_home, PortChooser.PortOf(kept));

        using Socket taken = PortChooser.Take(null, IPAddress.Loopback, _home);

        Assert.Equal(PortChooser.PortOf(kept), PortChooser.PortOf(taken));
    }

    [Fact]
    public void A_remembered_port_that_someone_else_has_is_given_up()
    {
        using Socket other = Listen();
        PortChooser.Remember(_home, PortChooser.PortOf(other));

        using Socket taken = PortChooser.Take(null, IPAddress.Loopback, _home);

        Assert.NotEqual(PortChooser.PortOf(other), PortChooser.PortOf(taken));
    }

    [Fact]
    public void A_port_that_was_asked_for_but_is_taken_is_an_error_that_names_it()
    {
        using Socket other = Listen();
        int port = PortChooser.PortOf(other);

        SettingException refused = Assert.Throws<SettingException>(() => PortChooser.Take(port, IPAddress.Loopback, _home));

        Assert.Contains(port.ToString(CultureInfo.InvariantCulture), refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_of_another_host_is_an_error_that_names_it()
    {
        SettingException refused = Assert.Throws<SettingException>(() => PortChooser.Take(null, IPAddress.Parse("192.0.2.1"), _home));

        Assert.Contains("192.0.2.1", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Many_starts_at_once_take_a_port_each()
    {
        const int Starts = 24;
        var taken = new Socket[Starts];
        using var together = new Barrier(Starts);
        Thread[] starts =
        [
            .. Enumerable.Range(0, Starts).Select(number => new Thread(() =>
            {
                together.SignalAndWait();
                taken[number] = PortChooser.Take(null, IPAddress.Loopback, _home);
            })),
        ];

        Array.ForEach(starts, start => start.Start());
        Array.ForEach(starts, start => start.Join());

        Assert.Equal(Starts, taken.Select(PortChooser.PortOf).Distinct().Count());
        Array.ForEach(taken, socket => socket.Dispose());
    }

    [Fact]
    public void A_connection_made_before_the_server_is_ready_waits_for_it()
    {
        using Socket taken = PortChooser.Take(null, IPAddress.Loopback, _home);

        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(new IPEndPoint(IPAddress.Loopback, PortChooser.PortOf(taken)));

        Assert.True(client.Connected);
    }

    private static Socket Bind()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private static Socket Listen()
    {
        Socket socket = Bind();
        socket.Listen();
        return socket;
    }
}
