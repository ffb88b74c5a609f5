using Microsoft.Extensions.DependencyInjection;
using MiniPlane.ApiServer.OpenApi;
using MiniPlane.ApiServer.Requests;

namespace MiniPlane.ApiServer.Discovery;

/// <summary>Registers discovery and OpenAPI; they need an <c>IKindCatalogue</c>.</summary>
public static class DiscoveryServiceCollectionExtensions
{
    public static IServiceCollection AddDiscovery(this IServiceCollection services) => services
        .AddSingleton<DiscoveryDocuments>()
        .AddSingleton<OpenApiDocuments>()
        .AddSingleton<INonResourceEndpoint, IndexEndpoint>()
        .AddSingleton<INonResourceEndpoint, DiscoveryEndpoint>()
        .AddSingleton<INonResourceEndpoint, OpenApiEndpoint>();
}
