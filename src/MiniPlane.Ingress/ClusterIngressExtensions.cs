using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using MiniPlane.Ingress.Following;
using MiniPlane.Ingress.Proxying;
using MiniPlane.Ingress.Serving;
using MiniPlane.Ingress.Tcp;

namespace MiniPlane.Ingress;

/// <summary>Registers the room.</summary>
public static class ClusterIngressExtensions
{
    /// <summary>
    /// Adds the reverse proxy for Ingresses and the TCP listeners of exposed Services. Needs an
    /// <see cref="Objects.Cluster.IClusterClient"/>.
    /// </summary>
    public static IServiceCollection AddClusterIngress(this IServiceCollection services, IngressOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton<ClusterView>();
        services.AddSingleton<Upstreams>();
        services.AddSingleton<IngressServer>();
        services.AddSingleton<TcpExposer>();
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<ClusterView>());
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<IngressServer>());
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<TcpExposer>());
        return services.AddHostedService<StatusWriter>();
    }
}
