using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MiniPlane.ApiServer.Authorization.Rbac;
using MiniPlane.ApiServer.CustomResources;

namespace MiniPlane.ApiServer.Requests;

/// <summary>The names under which kube-apiserver's start is watched, and what of this server stands behind each.</summary>
internal static class StartHealthChecks
{
    // What needs no more here than that the server has started: there is nothing that they could wait for.
    private static readonly string[] OfTheHost =
    [
        "poststarthook/start-kube-apiserver-admission-initializer", "poststarthook/generic-apiserver-start-informers",
        "poststarthook/bootstrap-controller", "poststarthook/start-system-namespaces-controller",
        "poststarthook/scheduling/bootstrap-system-priority-classes", "poststarthook/start-cluster-authentication-info-controller",
        "poststarthook/start-kube-aggregator-informers", "poststarthook/apiservice-registration-controller",
        "poststarthook/apiservice-status-available-controller", "poststarthook/kube-apiserver-autoregistration",
        "autoregister-completion", "poststarthook/apiservice-openapi-controller", "poststarthook/apiservice-openapiv3-controller",
        "poststarthook/apiservice-discovery-controller", "poststarthook/priority-and-fairness-config-consumer",
        "poststarthook/priority-and-fairness-config-producer",
    ];

    private static readonly string[] OfDefinitions =
        ["poststarthook/start-apiextensions-informers", "poststarthook/start-apiextensions-controllers"];

    public static IServiceCollection AddStartHealthChecks(this IServiceCollection services)
    {
        services.AddSingleton<IHealthCheck>(new StartHealthCheck("log", static () => null));
        foreach (string name in OfTheHost)
        {
            services.AddSingleton<IHealthCheck>(provider =>
                new StartHealthCheck(name, HasStarted(provider.GetRequiredService<IHostApplicationLifetime>())));
        }

        foreach (string name in OfDefinitions)
        {
            services.AddSingleton<IHealthCheck>(provider =>
                new StartHealthCheck(name, provider.GetRequiredService<CustomResourceLoop>().Problem));
        }

        return services.AddSingleton<IHealthCheck>(provider => new StartHealthCheck(
            "informer-sync",
            () => provider.GetRequiredService<RbacPolicyLoop>().Problem() ?? provider.GetRequiredService<CustomResourceLoop>().Problem(),
            isForLiveness: false));
    }

    private static Func<string?> HasStarted(IHostApplicationLifetime lifetime) =>
        () => lifetime.ApplicationStarted.IsCancellationRequested ? null : "not yet finished";
}
