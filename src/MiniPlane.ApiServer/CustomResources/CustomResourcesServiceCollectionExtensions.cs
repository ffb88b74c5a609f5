using Microsoft.Extensions.DependencyInjection;
using MiniPlane.ApiServer.CustomResources.Conversion;
using MiniPlane.ApiServer.Requests;

namespace MiniPlane.ApiServer.CustomResources;

/// <summary>Registers what serves CustomResourceDefinitions.</summary>
internal static class CustomResourcesServiceCollectionExtensions
{
    public static IServiceCollection AddCustomResources(this IServiceCollection services) => services
        .AddSingleton<ConversionClient>()
        .AddSingleton<DefinitionCleanupLoop>()
        .AddSingleton<CustomResourceLoop>()
        .AddSingleton<IHealthCheck>(provider => provider.GetRequiredService<CustomResourceLoop>())
        .AddHostedService(provider => provider.GetRequiredService<CustomResourceLoop>())
        .AddHostedService(provider => provider.GetRequiredService<DefinitionCleanupLoop>());
}
