using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MiniPlane.ApiServer.Outbound;

/// <summary>Registers what the server needs to call others.</summary>
internal static class OutboundExtensions
{
    public static IServiceCollection AddOutbound(this IServiceCollection services)
    {
        services.TryAddSingleton<IEndpointDialer, DirectDialer>();
        return services
            .AddSingleton<ServiceResolver>()
            .AddSingleton<OutboundCaller>();
    }
}
