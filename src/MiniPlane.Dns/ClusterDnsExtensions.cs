using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MiniPlane.Dns.CoreDns;
using MiniPlane.Dns.Forwarding;
using MiniPlane.Dns.Messages;
using MiniPlane.Dns.Serving;
using MiniPlane.Dns.Zones;
using MiniPlane.Objects.Cluster;

namespace MiniPlane.Dns;

/// <summary>Registers the room.</summary>
public static class ClusterDnsExtensions
{
    /// <summary>
    /// Adds the cluster's DNS server and <see cref="IClusterDns"/>. Needs <see cref="IClusterClient"/> and <see cref="TimeProvider"/>.
    /// </summary>
    public static IServiceCollection AddClusterDns(this IServiceCollection services, ClusterDnsOptions options)
    {
        DnsName zone = DnsName.Parse(options.Zone) is { Labels.IsEmpty: false } name
            ? name
            : throw new ArgumentException($"'{options.Zone}' is not a domain name.", nameof(options));
        DnsMetrics.Announce();
        services.AddSingleton(options);
        services.AddSingleton<ZoneHolder>();
        services.AddSingleton(new ZoneResolver(zone, [options.Address]));
        services.AddSingleton(provider => new Forwarder(
            Upstreams.Find(options), options, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<Forwarder>>()));
        services.AddSingleton(provider => new DnsResponder(
            provider.GetRequiredService<ZoneHolder>(),
            provider.GetRequiredService<ZoneResolver>(),
            provider.GetRequiredService<Forwarder>(),
            new Shuffler(new Random())));
        services.AddSingleton<IDnsAnswers>(provider => provider.GetRequiredService<DnsResponder>());
        services.AddSingleton<DnsListener>();
        services.AddSingleton<IClusterDns>(provider => provider.GetRequiredService<DnsListener>());
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<DnsListener>());
        foreach (ZoneFeed feed in ZoneFeed.All)
        {
            services.AddSingleton<IHostedService>(provider => new ZoneFollower(
                feed,
                provider.GetRequiredService<IClusterClient>(),
                provider.GetRequiredService<ZoneHolder>(),
                provider.GetRequiredService<ILogger<ZoneFollower>>(),
                provider.GetRequiredService<TimeProvider>()));
        }

        return services;
    }

    /// <summary>Runs CoreDNS beside the cluster's own DNS.</summary>
    public static IServiceCollection AddCoreDns(this IServiceCollection services, CoreDnsOptions options) =>
        services.AddSingleton(options).AddHostedService<CoreDnsLoop>();
}
