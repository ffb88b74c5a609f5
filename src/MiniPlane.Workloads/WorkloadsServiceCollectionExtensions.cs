using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MiniPlane.Objects.Cluster;
using MiniPlane.Workloads.Addresses;
using MiniPlane.Workloads.Agents;
using MiniPlane.Workloads.Backends;
using MiniPlane.Workloads.Dispatch;
using MiniPlane.Workloads.Nodes;
using MiniPlane.Workloads.Sim;
using MiniPlane.Workloads.Slurm;
using MiniPlane.Workloads.Slurm.Access;
using MiniPlane.Workloads.Slurm.Rest;
using MiniPlane.Workloads.Status;
using MiniPlane.Workloads.Translation;

namespace MiniPlane.Workloads;

/// <summary>Registers this room: backends, dispatch, nodes and the agent channel.</summary>
public static class WorkloadsServiceCollectionExtensions
{
    /// <summary>Needs an <see cref="IClusterClient"/>; provides <see cref="IPodConnections"/> and <see cref="IJobPreview"/>.</summary>
    public static IServiceCollection AddWorkloads(this IServiceCollection services, WorkloadsOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton(provider => SlurmReach.Find(options, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<WorkloadMetrics>();
        services.AddSingleton(provider =>
            new ProcessCommandRunner(provider.GetRequiredService<SlurmReach>().Route, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ICommandRunner>(provider => new MeteredCommandRunner(
            provider.GetRequiredService<ProcessCommandRunner>(), provider.GetRequiredService<WorkloadMetrics>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ISiteCommands, SiteCommands>();
        services.AddSingleton(new JobOwner(options.ClusterId, options.PodsDirectory));
        services.AddSingleton(MakeRestCaller);
        services.AddSingleton(MakeSlurmClient);
        services.AddSingleton<BackendFactory>();
        services.AddSingleton<IWorkloadBackend>(provider => provider.GetRequiredService<BackendFactory>().Create());
        services.AddSingleton<ClusterKinds>();
        services.AddSingleton<IJobPreview, JobPreview>();
        return services.AddDispatch().AddNodes().AddAgents();
    }

    private static ISlurmClient MakeSlurmClient(IServiceProvider provider)
    {
        JobOwner owner = provider.GetRequiredService<JobOwner>();
        return provider.GetRequiredService<SlurmReach>().Route is SlurmRoute.Rest
            ? new RestSlurmClient(provider.GetRequiredService<RestCaller>(), owner, ProcessFacts.UserId)
            : new CommandSlurmClient(provider.GetRequiredService<ICommandRunner>(), owner);
    }

    private static RestCaller MakeRestCaller(IServiceProvider provider)
    {
        WorkloadsOptions options = provider.GetRequiredService<WorkloadsOptions>();
        RestAddress address = options.Slurmrestd ?? throw new InvalidOperationException("There is no address of slurmrestd.");
        return new RestCaller(address, options.RestLogin, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<WorkloadMetrics>());
    }

    private static IServiceCollection AddDispatch(this IServiceCollection services)
    {
        services.AddSingleton<DelayedQueue>();
        services.AddSingleton<PodLedger>();
        services.AddSingleton<JobBoard>();
        services.AddSingleton<JobSweep>();
        services.AddSingleton<IWorkloadOverview, WorkloadOverview>();
        services.AddSingleton<PodFiles>();
        services.AddSingleton<KeptLogs>();
        services.AddSingleton<LeftoverFiles>();
        services.AddSingleton<PodEvents>();
        services.AddSingleton<PodStatusWriter>();
        services.AddSingleton<SubmissionGate>();
        services.AddSingleton<JobQuota>();
        services.AddSingleton<ArrayGatherer>();
        services.AddSingleton<PodSubmission>();
        services.AddSingleton<JobUsageQueue>();
        services.AddHostedService<JobUsageLoop>();
        services.AddSingleton<PodFollowing>();
        services.AddSingleton<PodEnding>();
        services.AddSingleton<PodReconciler>();
        services.AddSingleton<PodAddresses>();
        services.AddHostedService<Readdressing>();
        services.AddHostedService<JobPoller>();
        services.AddHostedService<PodWatcher>();
        return services.AddHostedService<WorkloadDispatcher>();
    }

    private static IServiceCollection AddNodes(this IServiceCollection services)
    {
        services.AddSingleton<NodeRegistry>();
        return services.AddHostedService<NodeKeeper>();
    }

    private static IServiceCollection AddAgents(this IServiceCollection services)
    {
        services.AddSingleton<AgentHub>();
        services.AddSingleton<AgentEndpoint>();
        services.AddSingleton<UsageBook>();
        services.AddSingleton<IPodUsage>(provider => provider.GetRequiredService<IWorkloadBackend>() is SimBackend
            ? new SimUsage(provider.GetRequiredService<TimeProvider>())
            : provider.GetRequiredService<UsageBook>());
        services.AddSingleton<AssignmentBuilder>();
        services.AddSingleton<PodTokens>();
        services.AddSingleton<ServiceBook>();
        services.AddSingleton<IPodConnections, PodConnections>();
        services.AddHostedService<ServiceWatch>();
        services.AddHostedService<SliceWatch>();
        services.AddHostedService<HostsPusher>();
        services.AddHostedService<TokenRenewer>();
        services.AddHostedService<PodPusher>();
        services.AddSingleton<IHostedService>(provider => MakePusher(provider, secrets: false));
        return services.AddSingleton<IHostedService>(provider => MakePusher(provider, secrets: true));
    }

    private static ObjectPusher MakePusher(IServiceProvider provider, bool secrets)
    {
        ClusterKinds kinds = provider.GetRequiredService<ClusterKinds>();
        return new ObjectPusher(
            provider.GetRequiredService<IClusterClient>(),
            secrets ? kinds.Secrets : kinds.ConfigMaps,
            provider.GetRequiredService<AgentHub>(),
            provider.GetRequiredService<ILogger<ObjectPusher>>(),
            provider.GetRequiredService<TimeProvider>());
    }
}
