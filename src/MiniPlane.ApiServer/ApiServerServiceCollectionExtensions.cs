using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using MiniPlane.ApiServer.Admission;
using MiniPlane.ApiServer.Admission.Plugins;
using MiniPlane.ApiServer.Admission.Policies;
using MiniPlane.ApiServer.Admission.Quota;
using MiniPlane.ApiServer.Admission.Webhooks;
using MiniPlane.ApiServer.Aggregation;
using MiniPlane.ApiServer.Audit;
using MiniPlane.ApiServer.Authorization;
using MiniPlane.ApiServer.Authorization.Rbac;
using MiniPlane.ApiServer.Authorization.Reviews;
using MiniPlane.ApiServer.CustomResources;
using MiniPlane.ApiServer.Certificates;
using MiniPlane.ApiServer.Discovery;
using MiniPlane.ApiServer.Metrics;
using MiniPlane.ApiServer.Handlers;
using MiniPlane.ApiServer.Identity;
using MiniPlane.ApiServer.Outbound;
using MiniPlane.ApiServer.Registry;
using MiniPlane.ApiServer.Registry.Subresources;
using MiniPlane.ApiServer.Requests;
using MiniPlane.ApiServer.Selection;
using MiniPlane.ApiServer.Watching;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Cluster;
using MiniPlane.Store.Revisions;

namespace MiniPlane.ApiServer;

/// <summary>Registers the room.</summary>
public static class ApiServerServiceCollectionExtensions
{
    /// <summary>
    /// Adds the API server and <see cref="IClusterClient"/>. Needs an <c>IRevisionStore</c>; admission plug-ins, endpoints and health
    /// checks of other rooms are picked up from the services.
    /// </summary>
    public static IServiceCollection AddApiServer(this IServiceCollection services, ApiServerOptions options)
    {
        services.AddSingleton(options);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<KindCatalogue>();
        services.TryAddSingleton<IKindCatalogue>(provider => provider.GetRequiredService<KindCatalogue>());
        return services
            .AddIdentity()
            .AddOutbound()
            .AddEndpoints()
            .AddAuthorizer(options)
            .AddRegistry()
            .AddHandlers()
            .AddDiscovery()
            .AddCustomResources();
    }

    private static IServiceCollection AddIdentity(this IServiceCollection services) => services
        .AddSingleton<ClusterPkiFactory>()
        .AddSingleton(provider => provider.GetRequiredService<ClusterPkiFactory>().Load())
        .AddSingleton<TokenFileAuthenticator>()
        .AddSingleton<IRequestAuthenticator, CertificateAuthenticator>()
        .AddSingleton<IRequestAuthenticator>(provider => provider.GetRequiredService<TokenFileAuthenticator>())
        .AddSingleton(provider => ServiceAccountKey.Load(provider.GetRequiredService<ApiServerOptions>()))
        .AddSingleton<ServiceAccountTokens>()
        .AddSingleton<IRequestAuthenticator, ServiceAccountAuthenticator>()
        .AddHostedService<AccountSecretLoop>()
        .AddSingleton<Authenticator>();

    private static IServiceCollection AddAuthorizer(this IServiceCollection services, ApiServerOptions options)
    {
        services
            .AddSingleton<Impersonation>()
            .AddSingleton<RbacRules>()
            .AddSingleton<IAdmissionPlugin, EscalationGuard>()
            .AddSingleton<IVirtualKind, SelfSubjectAccessReviews>()
            .AddSingleton<IVirtualKind, SubjectAccessReviews>()
            .AddSingleton<IVirtualKind, SelfSubjectRulesReviews>()
            .AddSingleton<IVirtualKind, SelfSubjectReviews>()
            .AddSingleton<IVirtualKind, TokenReviews>()
            .AddSingleton<RbacPolicyLoop>()
            .AddSingleton<IHealthCheck>(provider => provider.GetRequiredService<RbacPolicyLoop>())
            .AddHostedService(provider => provider.GetRequiredService<RbacPolicyLoop>());
        return options.AuthorizationMode == AuthorizationMode.AlwaysAllow
            ? services.AddSingleton<IAuthorizer, AlwaysAllowAuthorizer>()
            : services.AddSingleton<IAuthorizer, RbacAuthorizer>();
    }

    private static IServiceCollection AddRegistry(this IServiceCollection services) => services
        .AddSingleton<IAdmissionPlugin>(provider => new NamespaceAutoProvisionPlugin(
            provider.GetRequiredService<IRevisionStore>(), new Lazy<IClusterClient>(provider.GetRequiredService<IClusterClient>)))
        .AddSingleton<IAdmissionPlugin, NamespaceLifecycle>()
        .AddSingleton<IAdmissionPlugin, NamespaceExistsPlugin>()
        .AddAdmissionPlugins()
        .AddMutatingPolicies()
        .AddValidatingPolicies()
        .AddWebhooks()
        .AddSingleton<IAdmissionPlugin, ResourceQuotaPlugin>()
        .AddCertificates()
        .AddSingleton<AdmissionChain>()
        .AddSingleton<StreamAdmission>()
        .AddSingleton<StoreAccess>()
        .AddSingleton<SelectionIndexes>()
        .AddHostedService(provider => provider.GetRequiredService<SelectionIndexes>())
        .AddSingleton<CollectionReader>()
        .AddSingleton<ObjectCreator>()
        .AddSingleton<ObjectUpdater>()
        .AddSingleton<ObjectDeleter>()
        .AddSingleton<BindingSubresource>()
        .AddSingleton<ICreateSubresource>(provider => provider.GetRequiredService<BindingSubresource>())
        .AddSingleton<IVirtualKind, Bindings>()
        .AddSingleton<ICreateSubresource, EvictionSubresource>()
        .AddSingleton<ICreateSubresource, TokenSubresource>()
        .AddSingleton<RegistryExtensions>()
        .AddSingleton<ObjectRegistry>()
        .AddHostedService<EventExpiry>()
        .AddSingleton<IClusterClient, InProcessClusterClient>();

    private static IServiceCollection AddHandlers(this IServiceCollection services) => services
        .AddSingleton<PinnedSnapshots>()
        .AddSingleton<IVerbHandler, GetHandler>()
        .AddSingleton<IVerbHandler, ListHandler>()
        .AddSingleton<IVerbHandler, WatchHandler>()
        .AddSingleton<IVerbHandler, CreateHandler>()
        .AddSingleton<IVerbHandler, UpdateHandler>()
        .AddSingleton<IVerbHandler, PatchHandler>()
        .AddSingleton<IVerbHandler, DeleteHandler>()
        .AddSingleton<IVerbHandler, DeleteCollectionHandler>()
        .AddSingleton<ISubresourceHandler, PodLogHandler>()
        .AddSingleton<ISubresourceHandler, PodStreamHandler>()
        .AddSingleton<ISubresourceHandler, PortForwardHandler>()
        .AddAggregation()
        .AddSingleton<ISubresourceHandler, UnservedStreamHandler>()
        .AddSingleton<IKindHandler, MetricsHandler>()
        .AddSingleton<IKindHandler, ComponentStatusHandler>()
        .AddSingleton<HandlerTable>();

    private static IServiceCollection AddEndpoints(this IServiceCollection services) => services
        .AddSingleton<RequestGate>()
        .AddSingleton<RequestClock>()
        .AddSingleton<IHealthCheck, PingHealthCheck>()
        .AddSingleton<IHealthCheck, StoreHealthCheck>()
        .AddSingleton<IHealthCheck, ShutdownHealthCheck>()
        .AddStartHealthChecks()
        .AddSingleton<INonResourceEndpoint, HealthEndpoint>()
        .AddSingleton<INonResourceEndpoint, VersionEndpoint>()
        .AddSingleton<INonResourceEndpoint, OpenIdEndpoint>()
        .AddFlowControl()
        .AddMetricsEndpoint()
        .AddSingleton<AuditLog>()
        .AddHostedService(provider => provider.GetRequiredService<AuditLog>())
        .AddSingleton<ApiDispatcher>();
}
