using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MiniPlane.ApiServer.Registry;
using MiniPlane.ApiServer.Tests.Hosting;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;
using MiniPlane.Testing;

namespace MiniPlane.ApiServer.Tests.Registry;

public sealed class EventExpiryTests
{
    [Fact]
    public async Task Events_are_forgotten_after_their_time_in_both_groups()
    {
        await using TestApiServer server = await TestApiServer.StartAsync(options => options with { EventTtl = TimeSpan.FromMilliseconds(1) });
        string body = """{"metadata":{"name":"e"},"involvedObject":{"kind":"Pod","namespace":"default","name":"p"},"reason":"r","type":"Normal"}""";
        Answer made = await server.PostAsync("/api/v1/namespaces/default/events", body);
        EventExpiry expiry = server.Services.GetServices<IHostedService>().OfType<EventExpiry>().Single();
        KindDefinition kind = server.Cluster.Catalogue.FindKind("v1", "Event")!;

        Assert.Equal(201, made.Code);
        await Eventually.TrueAsync(
            async () =>
            {
                await expiry.SweepAsync(kind, CancellationToken.None);
                return (await server.GetAsync("/apis/events.k8s.io/v1/namespaces/default/events")).Json.Objects("items").Any() is false;
            },
            "the event is gone");
    }

    [Fact]
    public async Task A_young_event_stays()
    {
        await using TestApiServer server = await TestApiServer.StartAsync();
        string body = """{"metadata":{"name":"e"},"involvedObject":{"kind":"Pod","namespace":"default","name":"p"},"reason":"r","type":"Normal"}""";
        await server.PostAsync("/api/v1/namespaces/default/events", body);

        await server.Services.GetServices<IHostedService>().OfType<EventExpiry>().Single()
            .SweepAsync(server.Cluster.Catalogue.FindKind("v1", "Event")!, CancellationToken.None);

        Assert.Equal(200, (await server.GetAsync("/api/v1/namespaces/default/events/e")).Code);
    }
}
