using Microsoft.Extensions.DependencyInjection;
using MiniPlane.ApiServer.Handlers;
using MiniPlane.ApiServer.Proxy;
using MiniPlane.ApiServer.Requests;
using MiniPlane.Objects.Cluster;

namespace MiniPlane.ApiServer.Aggregation;

/// <summary>Registers what passes requests on to others: proxies and aggregated API servers.</summary>
internal static class AggregationExtensions
{
    public static IServiceCollection AddAggregation(this IServiceCollection services) => services
        .AddSingleton<HttpRelay>()
        .AddSingleton<ISubresourceHandler, ProxyHandler>()
        .AddSingleton<FrontProxyPki>()
        .AddSingleton<AggregatedApis>()
        .AddSingleton<AggregatedDiscovery>()
        .AddSingleton<AggregatedOpenApi>()
        .AddSingleton<IAggregatedGroups, AggregatedGroups>()
        .AddSingleton<INonResourceEndpoint, AggregatedPathEndpoint>()
        .AddHostedService<FrontProxyPublisher>()
        .AddHostedService<ApiServiceLoop>();
}
