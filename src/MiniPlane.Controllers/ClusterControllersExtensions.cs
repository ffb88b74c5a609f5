using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using MiniPlane.Controllers.Accounts;
using MiniPlane.Controllers.Autoscaling;
using MiniPlane.Controllers.Collection;
using MiniPlane.Controllers.Daemons;
using MiniPlane.Controllers.Disruption;
using MiniPlane.Controllers.Jobs;
using MiniPlane.Controllers.Leases;
using MiniPlane.Controllers.Namespaces;
using MiniPlane.Controllers.Networking;
using MiniPlane.Controllers.Nodes;
using MiniPlane.Controllers.Quotas;
using MiniPlane.Controllers.Replication;
using MiniPlane.Controllers.Rollouts;
using MiniPlane.Controllers.Runtime;
using MiniPlane.Controllers.Scheduling;
using MiniPlane.Controllers.Stateful;
using MiniPlane.Controllers.Volumes;
using MiniPlane.Objects.Cluster;

namespace MiniPlane.Controllers;

/// <summary>Registers this room.</summary>
public static class ClusterControllersExtensions
{
    /// <summary>
    /// Adds all controllers as one hosted service. It needs an <see cref="Objects.Cluster.IClusterClient"/> and should start
    /// after the store is open and the API server's registry is ready, before anything that expects the default namespaces. There is no leader
    /// election: one process owns the data directory. A new controller is one class and one line here; the order of the lines
    /// is the order in which they start, but none may rely on another being first.
    /// </summary>
    public static IServiceCollection AddClusterControllers(
        this IServiceCollection services, Func<IServiceProvider, ClusterControllersOptions> options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.TryAddSingleton<IPodUsage, NoUsage>();
        services.TryAddSingleton<IAggregatedGroups, NoAggregatedGroups>();
        services.AddSingleton<Informers>().AddSingleton<EventRecorder>().AddSingleton<ClusterContext>();

        services.AddSingleton<IController, SystemNamespacesController>();
        services.AddSingleton<IController, NamespaceController>();
        services.AddSingleton<IController, ServiceAccountController>();
        services.AddSingleton<IController, RootAuthorityController>();
        services.AddSingleton<IController, CertificateRequestCleaner>();
        services.AddSingleton<IController, PassThroughScheduler>();
        services.AddSingleton<IController, StorageClassesController>();
        services.AddSingleton<IController, ClaimController>();
        services.AddSingleton<IController, VolumeController>();
        services.AddSingleton<IController, ClaimProtectionController>();
        services.AddSingleton<IController, VolumeProtectionController>();
        services.AddSingleton<IController, EphemeralVolumeController>();
        services.AddSingleton<IController, ResourceQuotaController>();
        services.AddSingleton<IController, DisruptionController>();
        services.AddSingleton<IController, ExpiredLeaseController>();
        services.AddSingleton<IController, NodeLifecycleController>();
        services.AddSingleton<IController, TaintEvictionController>();
        services.AddSingleton<IController, HorizontalPodAutoscalerController>();
        AddWorkloads(services);
        services.AddSingleton<IController, GarbageCollector>();
        services.AddSingleton<IController, PodCollector>();
        services.AddSingleton<IController, TerminatedPodCollector>();
        services.AddSingleton<IController, EndpointsController>();
        services.AddSingleton<IController, EndpointSliceController>();
        services.AddSingleton<IController, EndpointSliceMirrorController>();
        services.AddSingleton<IController, KubernetesServiceController>();
        services.AddSingleton<IController, ServiceRangeController>();

        services.AddSingleton<ControllerHost>();
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<ControllerHost>());
        return services;
    }

    private static void AddWorkloads(IServiceCollection services)
    {
        services.AddSingleton<IController, DeploymentController>();
        services.AddSingleton<IController, ReplicaSetController>();
        services.AddSingleton<IController, ReplicationControllerController>();
        services.AddSingleton<IController, StatefulSetController>();
        services.AddSingleton<IController, DaemonSetController>();
        services.AddSingleton<IController, JobController>();
        services.AddSingleton<IController, CronJobController>();
        services.AddSingleton<IController, FinishedJobController>();
    }
}
