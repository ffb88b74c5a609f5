using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MiniPlane.Objects.Cluster;
using MiniPlane.Testing.Cluster;

namespace MiniPlane.Dns.Tests;

public sealed class ClusterDnsExtensionsTests
{
    [Fact]
    public async Task The_room_starts_from_its_one_registration()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<IClusterClient>(new FakeCluster(TimeProvider.System));
        services.AddClusterDns(new ClusterDnsOptions { Upstreams = [] });
        await using ServiceProvider provider = services.BuildServiceProvider();
        IHostedService[] hosted = [.. provider.GetServices<IHostedService>()];

        foreach (IHostedService service in hosted)
        {
            await service.StartAsync(CancellationToken.None);
        }

        Assert.Equal(4, hosted.Length);
        Assert.NotEqual(0, (await provider.GetRequiredService<IClusterDns>().WhenListeningAsync(CancellationToken.None)).Port);
        foreach (IHostedService service in hosted)
        {
            await service.StopAsync(CancellationToken.None);
        }
    }

    [Fact]
    public void A_zone_that_is_no_name_is_refused_at_once() =>
        Assert.Throws<ArgumentException>(() => new ServiceCollection().AddClusterDns(new ClusterDnsOptions { Zone = "a..b" }));
}
