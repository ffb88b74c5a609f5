using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using MiniPlane.Dns.Forwarding;
using MiniPlane.Dns.Messages;
using MiniPlane.Dns.Serving;
using MiniPlane.Dns.Tests.Forwarding;
using MiniPlane.Dns.Zones;
using static MiniPlane.Dns.Tests.DnsTesting;

namespace MiniPlane.Dns.Tests.Serving;

/// <summary>The whole server over real sockets on loopback.</summary>
public sealed class DnsServerTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly FakeResolver _site = new();
    private readonly ZoneHolder _holder = Holder(Zone(
        Service("default", "web"),
        Slice("default", "web", """{"addresses":["10.0.0.1"]},{"addresses":["10.0.0.2"]}"""),
        Service("default", "big"),
        Slice("default", "big", string.Join(',', Enumerable.Range(0, 200).Select(i => $$"""{"addresses":["10.1.0.{{i}}"]}"""))),
        Service("default", "abroad", """{"type":"ExternalName","externalName":"www.example.com"}"""),
        Service("default", "dangling", """{"type":"ExternalName","externalName":"gone.default.svc.cluster.local"}""")));

    private Forwarder? _forwarder;
    private DnsListener? _listener;
    private IPEndPoint _server = new(IPAddress.Loopback, 0);

    public async Task InitializeAsync()
    {
        var options = new ClusterDnsOptions { UpstreamTimeout = TimeSpan.FromMilliseconds(300) };
        _forwarder = new Forwarder([_site.EndPoint], options, TimeProvider.System, NullLogger<Forwarder>.Instance);
        var responder = new DnsResponder(
            _holder, new ZoneResolver(Name("cluster.local"), [IPAddress.Loopback]), _forwarder, new Shuffler(new Random(1)));
        _listener = new DnsListener(responder, options, NullLogger<DnsListener>.Instance, TimeProvider.System);
        await _listener.StartAsync(CancellationToken.None);
        _server = await _listener.WhenListeningAsync(CancellationToken.None).WaitAsync(Patience);
    }

    public async Task DisposeAsync()
    {
        await (_listener?.StopAsync(CancellationToken.None) ?? Task.CompletedTask);
        _listener?.Dispose();
        _forwarder?.Dispose();
        await _site.DisposeAsync();
    }

    [Fact]
    public async Task A_service_is_answered_with_authority_by_udp_and_tcp()
    {
        DnsMessage udp = Read(await UdpAsync(QueryOctets("Web.default.svc.cluster.local", DnsType.A)));
        DnsMessage tcp = Read(await TcpAsync(QueryOctets("Web.default.svc.cluster.local", DnsType.A)));

        foreach (DnsMessage answer in new[] { udp, tcp })
        {
            Assert.True(answer is { IsAuthoritative: true, RecursionAvailable: true, ResponseCode: DnsResponseCode.NoError, Id: 7 });
            Assert.Equal(["A 10.0.0.1", "A 10.0.0.2"], Show(answer.Answers));
            Assert.Equal("Web.default.svc.cluster.local.", answer.Questions[0].Name.ToString());
        }
    }

    [Fact]
    public async Task Answers_come_in_changing_order()
    {
        var first = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < 40; i++)
        {
            DnsMessage answer = Read(await UdpAsync(QueryOctets("web.default.svc.cluster.local", DnsType.A)));
            first.Add(((DnsData.Address)answer.Answers[0].Data).Value.ToString());
        }

        Assert.Equal(2, first.Count);
    }

    [Fact]
    public async Task A_missing_name_is_NXDOMAIN_and_a_missing_type_is_NODATA_both_with_the_authority_and_never_forwarded()
    {
        DnsMessage noName = Read(await UdpAsync(QueryOctets("nope.default.svc.cluster.local", DnsType.A)));
        DnsMessage noData = Read(await UdpAsync(QueryOctets("web.default.svc.cluster.local", DnsType.Aaaa)));

        Assert.Equal(DnsResponseCode.NameError, noName.ResponseCode);
        Assert.Equal(DnsResponseCode.NoError, noData.ResponseCode);
        Assert.Equal(["SOA ns.dns.cluster.local."], Show(noName.Authorities));
        Assert.Equal(["SOA ns.dns.cluster.local."], Show(noData.Authorities));
        Assert.Empty(noData.Answers);
        Assert.Equal(0, _site.UdpQueries);
    }

    [Fact]
    public async Task A_large_answer_is_cut_by_udp_less_with_edns_and_whole_by_tcp()
    {
        DnsMessage plain = Read(await UdpAsync(QueryOctets("big.default.svc.cluster.local", DnsType.A)));
        byte[]? wide = await UdpAsync(QueryOctets("big.default.svc.cluster.local", DnsType.A, new DnsEdns(1232, 0, false)));
        DnsMessage whole = Read(await TcpAsync(QueryOctets("big.default.svc.cluster.local", DnsType.A)));

        Assert.True(plain.IsTruncated);
        Assert.Null(plain.Edns);
        Assert.True(Read(wide).IsTruncated);
        Assert.InRange(wide?.Length ?? 0, 1200, 1232);
        Assert.False(whole.IsTruncated);
        Assert.Equal(200, whole.Answers.Length);
    }

    [Fact]
    public async Task Other_names_are_answered_by_the_sites_resolver()
    {
        _site.Answer = (query, _) => [FakeResolver.Address(query, "192.0.2.1")];

        DnsMessage answer = Read(await UdpAsync(QueryOctets("www.example.com", DnsType.A)));

        Assert.Equal(["A 192.0.2.1"], Show(answer.Answers));
        Assert.False(answer.IsAuthoritative);
    }

    [Fact]
    public async Task An_external_name_is_followed_to_its_address()
    {
        _site.Answer = (query, _) => [FakeResolver.Address(query, "192.0.2.1")];

        DnsMessage answer = Read(await UdpAsync(QueryOctets("abroad.default.svc.cluster.local", DnsType.A)));

        Assert.Equal(DnsType.Cname, answer.Answers[0].Type);
        Assert.Equal(["A 192.0.2.1", "CNAME www.example.com."], Show(answer.Answers));
        Assert.Equal(Name("www.example.com"), answer.Answers[1].Name);
    }

    [Fact]
    public async Task An_alias_of_a_missing_service_is_NXDOMAIN_with_the_alias()
    {
        DnsMessage answer = Read(await UdpAsync(QueryOctets("dangling.default.svc.cluster.local", DnsType.A)));

        Assert.Equal(DnsResponseCode.NameError, answer.ResponseCode);
        Assert.Equal(["CNAME gone.default.svc.cluster.local."], Show(answer.Answers));
        Assert.Equal(["SOA ns.dns.cluster.local."], Show(answer.Authorities));
    }

    [Fact]
    public async Task When_the_sites_resolver_is_silent_the_answer_is_SERVFAIL()
    {
        DnsMessage forwarded = Read(await UdpAsync(QueryOctets("www.example.com", DnsType.A)));
        DnsMessage followed = Read(await UdpAsync(QueryOctets("abroad.default.svc.cluster.local", DnsType.A)));

        Assert.Equal(DnsResponseCode.ServerFailure, forwarded.ResponseCode);
        Assert.Equal(DnsResponseCode.ServerFailure, followed.ResponseCode);
    }

    [Fact]
    public async Task An_endpoints_address_has_a_name_and_other_addresses_are_asked_of_the_site()
    {
        DnsMessage known = Read(await UdpAsync(QueryOctets("1.0.0.10.in-addr.arpa", DnsType.Ptr)));
        DnsMessage unknown = Read(await UdpAsync(QueryOctets("9.9.9.10.in-addr.arpa", DnsType.Ptr)));

        Assert.Equal(["PTR 10-0-0-1.web.default.svc.cluster.local."], Show(known.Answers));
        Assert.Equal(DnsResponseCode.ServerFailure, unknown.ResponseCode);
        Assert.Equal(1, _site.UdpQueries);
    }

    [Theory]
    [InlineData("0007 2100 0001 0000 0000 0000 00 0001 0001", (int)DnsResponseCode.NotImplemented)]
    [InlineData("0007 0100 0000 0000 0000 0000", (int)DnsResponseCode.FormatError)]
    [InlineData("0007 0100 0001 0000 0000 0000 c00c 0001 0001", (int)DnsResponseCode.FormatError)]
    [InlineData("0007 0100 0001 0000 0000 0000 00 00fc 0001", (int)DnsResponseCode.Refused)]
    [InlineData("0007 0100 0001 0000 0000 0000 00 0010 0003", (int)DnsResponseCode.Refused)]
    [InlineData("0007 0100 0001 0000 0000 0001 00 0001 0001 00 0029 1000 00010000 0000", (int)DnsResponseCode.BadVersion)]
    public async Task A_query_that_cannot_be_answered_is_told_why(string hex, int code)
    {
        DnsMessage answer = Read(await UdpAsync(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal))));

        Assert.Equal(7, answer.Id);
        Assert.Equal((DnsResponseCode)code, answer.ResponseCode);
    }

    [Fact]
    public async Task Noise_on_both_sockets_hurts_nobody()
    {
        var random = new Random(3);
        using var noisy = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        await noisy.ConnectAsync(_server);
        byte[] good = QueryOctets("web.default.svc.cluster.local", DnsType.A);
        for (int i = 0; i < 500; i++)
        {
            byte[] noise = i % 2 == 0 ? new byte[random.Next(200)] : [.. good];
            random.NextBytes(noise.AsSpan(random.Next(noise.Length + 1)));
            await noisy.SendAsync(noise);
        }

        byte[] garbage = new byte[3000];
        random.NextBytes(garbage);
        using (var connection = new TcpClient())
        {
            await connection.ConnectAsync(_server);
            await connection.GetStream().WriteAsync(garbage);
        }

        Assert.Equal(2, Read(await UdpAsync(good)).Answers.Length);
        Assert.Equal(2, Read(await TcpAsync(good)).Answers.Length);
    }

    [Fact]
    public async Task Several_questions_on_one_connection_are_answered_in_order()
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync(_server);
        NetworkStream stream = connection.GetStream();
        byte[] first = QueryOctets("web.default.svc.cluster.local", DnsType.A, id: 1);
        byte[] second = QueryOctets("nope.default.svc.cluster.local", DnsType.A, id: 2);
        byte[] both = [.. TcpFrame.Wrap(first), .. TcpFrame.Wrap(second)];
        await stream.WriteAsync(both);

        using var limit = new CancellationTokenSource(Patience);
        DnsMessage one = Read(await TcpFrame.ReadAsync(stream, limit.Token));
        DnsMessage two = Read(await TcpFrame.ReadAsync(stream, limit.Token));

        Assert.Equal([1, 2], [one.Id, two.Id]);
        Assert.Equal(DnsResponseCode.NameError, two.ResponseCode);
    }

    // The kernel drops datagrams when a burst fills the server's buffer, so a question is asked again, as every resolver does.
    private async Task<byte[]?> UdpAsync(byte[] query)
    {
        using var limit = new CancellationTokenSource(Patience);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(_server, limit.Token);
        byte[] buffer = new byte[65535];
        Task<int> received = socket.ReceiveAsync(buffer, limit.Token).AsTask();
        do
        {
            await socket.SendAsync(query, limit.Token);
        }
        while (await Task.WhenAny(received, Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System, limit.Token)) != received && !limit.IsCancellationRequested);

        return buffer[..await received];
    }

    private async Task<byte[]?> TcpAsync(byte[] query)
    {
        using var limit = new CancellationTokenSource(Patience);
        using var connection = new TcpClient();
        await connection.ConnectAsync(_server, limit.Token);
        await connection.GetStream().WriteAsync(TcpFrame.Wrap(query), limit.Token);
        return await TcpFrame.ReadAsync(connection.GetStream(), limit.Token);
    }
}
