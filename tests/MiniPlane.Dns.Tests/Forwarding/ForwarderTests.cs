using Microsoft.Extensions.Logging.Abstractions;
using MiniPlane.Dns.Forwarding;
using MiniPlane.Dns.Messages;
using static MiniPlane.Dns.Tests.DnsTesting;

namespace MiniPlane.Dns.Tests.Forwarding;

public sealed class ForwarderTests : IAsyncLifetime
{
    private readonly FakeResolver _first = new();
    private readonly FakeResolver _second = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _first.DisposeAsync();
        await _second.DisposeAsync();
    }

    [Fact]
    public async Task An_answer_comes_back_with_the_id_of_the_question()
    {
        _first.Answer = (query, _) => [FakeResolver.Address(query, "192.0.2.1")];
        using Forwarder forwarder = Make();

        DnsMessage answer = await AskAsync(forwarder);

        Assert.Equal(7, answer.Id);
        Assert.Equal(["A 192.0.2.1"], Show(answer.Answers));
    }

    [Fact]
    public async Task A_cut_answer_is_fetched_again_by_tcp()
    {
        _first.Answer = (query, isTcp) => isTcp
            ? [FakeResolver.Address(query, "192.0.2.2")]
            : [DnsWriter.Write(query with { IsResponse = true, IsTruncated = true }, 512)];
        using Forwarder forwarder = Make();

        DnsMessage answer = await AskAsync(forwarder);

        Assert.Equal(["A 192.0.2.2"], Show(answer.Answers));
        Assert.Equal(1, _first.TcpQueries);
    }

    [Fact]
    public async Task A_silent_resolver_is_passed_over_and_asked_last_from_then_on()
    {
        _second.Answer = (query, _) => [FakeResolver.Address(query, "192.0.2.3")];
        using Forwarder forwarder = Make();

        await AskAsync(forwarder);
        await AskAsync(forwarder);

        Assert.Equal(1, _first.UdpQueries);
        Assert.Equal(2, _second.UdpQueries);
    }

    [Fact]
    public async Task Answers_with_another_id_or_question_are_not_believed()
    {
        _first.Answer = (query, _) =>
        [
            FakeResolver.Address(query with { Id = (ushort)(query.Id + 1) }, "203.0.113.1"),
            FakeResolver.Address(query with { Questions = Query("other.example", DnsType.A).Questions }, "203.0.113.2"),
            [1, 2, 3],
            FakeResolver.Address(query, "192.0.2.4"),
        ];
        using Forwarder forwarder = Make();

        Assert.Equal(["A 192.0.2.4"], Show((await AskAsync(forwarder)).Answers));
    }

    [Fact]
    public async Task When_nobody_answers_in_time_there_is_no_answer()
    {
        using Forwarder forwarder = Make(new ClusterDnsOptions { UpstreamTimeout = TimeSpan.FromMilliseconds(50) });

        Assert.Null(await forwarder.AskAsync(QueryOctets("www.example.com", DnsType.A), CancellationToken.None));
    }

    [Fact]
    public async Task More_questions_than_may_wait_are_turned_away_at_once()
    {
        using Forwarder forwarder = Make(new ClusterDnsOptions { MaxForwards = 1, UpstreamTimeout = TimeSpan.FromMinutes(1) });
        using var cancelled = new CancellationTokenSource();
        Task<byte[]?> waiting = forwarder.AskAsync(QueryOctets("www.example.com", DnsType.A), cancelled.Token);

        byte[]? turnedAway = await forwarder.AskAsync(QueryOctets("www.example.com", DnsType.A), CancellationToken.None);

        Assert.Null(turnedAway);
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public void Resolvers_are_read_from_a_list_or_from_resolv_conf()
    {
        Assert.Equal(
            ["8.8.8.8:53", "[2001:db8::1]:53", "9.9.9.9:5353"],
            Upstreams.FromList("8.8.8.8, 2001:db8::1;9.9.9.9:5353 nonsense").Select(server => server.ToString()));
        Assert.Equal(
            ["127.0.0.53:53", "10.0.0.1:53"],
            Upstreams.FromResolvConf(["# nameserver 1.1.1.1", "search a b", "nameserver 127.0.0.53", "nameserver\t10.0.0.1 x", "nameserver"])
                .Select(server => server.ToString()));
    }

    private static async Task<DnsMessage> AskAsync(Forwarder forwarder) =>
        Read(await forwarder.AskAsync(QueryOctets("www.example.com", DnsType.A), CancellationToken.None));

    private Forwarder Make(ClusterDnsOptions? options = null) => new(
        [_first.EndPoint, _second.EndPoint],
        options ?? new ClusterDnsOptions { UpstreamTimeout = TimeSpan.FromMilliseconds(500) },
        TimeProvider.System,
        NullLogger<Forwarder>.Instance);
}
