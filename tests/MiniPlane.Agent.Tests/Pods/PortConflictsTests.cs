using System.Net;
using System.Net.Sockets;
using MiniPlane.Agent.Pods;
using MiniPlane.Agent.Views;

namespace MiniPlane.Agent.Tests.Pods;

public sealed class PortConflictsTests
{
    private const string Table = """
          sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
           0: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1001        0 4711 1 0000000000000000 100 0 0 10 0
           1: 0100007F:1F90 0200007F:C000 01 00000000:00000000 00:00000000 00000000  1001        0 4712 1 0000000000000000 100 0 0 10 0
           2: 0502807F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1001        0 4713 1 0000000000000000 100 0 0 10 0
        """;

    [Fact]
    public void Listening_sockets_of_a_port_are_found_in_the_kernels_table() =>
        Assert.Equal(
            [(IPAddress.Any, "4711"), (IPAddress.Parse("127.128.2.5"), "4713")],
            PortConflicts.Listeners(Table, 8080).ToArray());

    [Fact]
    public void A_port_that_somebody_listens_at_is_told_with_the_one_who_has_it()
    {
        using var listener = new TcpListener(IPAddress.Any, 0);
        listener.Start();
        ContainerView container = Wants(((IPEndPoint)listener.LocalEndpoint).Port);

        string told = Assert.Single(PortConflicts.Before(container, "127.0.0.1"));

        Assert.Contains("is already in use on node", told, StringComparison.Ordinal);
        Assert.Contains($"process {Environment.ProcessId}", told, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_address_matters_only_to_a_program_that_failed_for_it()
    {
        using var listener = new TcpListener(IPAddress.Parse("127.99.0.1"), 0);
        listener.Start();
        ContainerView container = Wants(((IPEndPoint)listener.LocalEndpoint).Port);

        Assert.Empty(PortConflicts.Before(container, "127.99.0.2"));
        Assert.Empty(PortConflicts.After(container, "segmentation fault"));
        Assert.Single(PortConflicts.After(container, "bind: Address already in use"));
    }

    private static ContainerView Wants(int port) => new() { Name = "web", Ports = [new PortView { ContainerPort = port, Protocol = "TCP" }] };
}
