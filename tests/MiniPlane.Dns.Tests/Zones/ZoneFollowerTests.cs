using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using MiniPlane.Dns.Messages;
using MiniPlane.Dns.Zones;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Testing;
using MiniPlane.Testing.Cluster;
using static MiniPlane.Dns.Tests.DnsTesting;

namespace MiniPlane.Dns.Tests.Zones;

public sealed class ZoneFollowerTests : IAsyncLifetime
{
    private readonly FakeCluster _cluster = new(TimeProvider.System);
    private readonly ZoneHolder _holder = new();
    private readonly ZoneResolver _resolver = new(Name("cluster.local"), []);
    private readonly List<ZoneFollower> _followers = [];

    public Task InitializeAsync()
    {
        _followers.AddRange(ZoneFeed.All.Select(feed => new ZoneFollower(
            feed, _cluster, _holder, NullLogger<ZoneFollower>.Instance, TimeProvider.System)));
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        foreach (ZoneFollower follower in _followers)
        {
            await follower.StopAsync(CancellationToken.None);
            follower.Dispose();
        }
    }

    [Fact]
    public async Task There_is_no_zone_before_every_kind_was_listed()
    {
        await _followers[0].StartAsync(CancellationToken.None);
        await _followers[1].StartAsync(CancellationToken.None);
        Assert.Null(_holder.Current);

        await _followers[2].StartAsync(CancellationToken.None);

        await Eventually.TrueAsync(() => _holder.Current is not null, "all kinds were listed");
    }

    [Fact]
    public async Task What_was_there_and_what_comes_and_goes_is_in_the_zone()
    {
        await CreateAsync("Service", Service("default", "web"));
        await StartAsync();
        await CreateAsync("EndpointSlice", Slice("default", "web", """{"addresses":["10.0.0.1"]}"""));
        await Eventually.TrueAsync(() => Addresses() == "A 10.0.0.1", "the slice came");

        await _cluster.DeleteAsync(
            _cluster.Kind("EndpointSlice"), new ObjectKey("default", "web-1"), new DeleteQuery(), CancellationToken.None);

        await Eventually.TrueAsync(() => Addresses() == "", "the slice went");
    }

    [Fact]
    public async Task A_watch_that_lost_its_place_lists_again()
    {
        await CreateAsync("Service", Service("default", "web"));
        await CreateAsync("EndpointSlice", Slice("default", "web", """{"addresses":["10.0.0.1"]}"""));
        await StartAsync();
        await Eventually.TrueAsync(() => Addresses() == "A 10.0.0.1", "the slice was listed");

        _cluster.ExpireWatches("EndpointSlice");
        _cluster.Edit("EndpointSlice", "default", "web-1", json => json["endpoints"] = new JsonArray(
            new JsonObject { ["addresses"] = new JsonArray("10.0.0.2") }));

        await Eventually.TrueAsync(() => Addresses() == "A 10.0.0.2", "the new state was listed or watched");
    }

    private string Addresses() => _holder.Current is not { } zone
        ? "?"
        : string.Join(' ', Show(_resolver.Answer(
            zone, new DnsQuestion(Name("web.default.svc.cluster.local"), DnsType.A, DnsClass.Internet)).Answers));

    private async Task CreateAsync(string kind, ObjectDocument document) =>
        await _cluster.CreateAsync(_cluster.Kind(kind), document.ToJson(), CancellationToken.None);

    private async Task StartAsync()
    {
        foreach (ZoneFollower follower in _followers)
        {
            await follower.StartAsync(CancellationToken.None);
        }
    }
}
