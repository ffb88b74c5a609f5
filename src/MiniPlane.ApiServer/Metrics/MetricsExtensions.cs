using Microsoft.Extensions.DependencyInjection;
using MiniPlane.ApiServer.FlowControl;
using MiniPlane.ApiServer.Requests;

namespace MiniPlane.ApiServer.Metrics;

/// <summary>Registers metrics and the flow control that they watch.</summary>
internal static class MetricsExtensions
{
    public static IServiceCollection AddFlowControl(this IServiceCollection services) => services
        .AddSingleton<FlowCounters>()
        .AddSingleton<IMetricsSource>(provider => provider.GetRequiredService<FlowCounters>())
        .AddSingleton<FlowController>()
        .AddHostedService<FlowBootstrap>();

    public static IServiceCollection AddMetricsEndpoint(this IServiceCollection services) => services
        .AddSingleton<RequestMetrics>()
        .AddSingleton<IMetricsSource>(provider => provider.GetRequiredService<RequestMetrics>())
        .AddSingleton<IMetricsSource, ProcessMetrics>()
        .AddSingleton<IMetricsSource, MeterMetrics>()
        .AddSingleton<INonResourceEndpoint, MetricsEndpoint>();
}
