using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using MiniPlane.ApiServer;
using MiniPlane.ApiServer.Admission;
using MiniPlane.ApiServer.Audit;
using MiniPlane.ApiServer.Identity;
using MiniPlane.ApiServer.Requests;
using MiniPlane.Controllers;
using MiniPlane.Dns;
using MiniPlane.Ingress;
using MiniPlane.Operations;
using MiniPlane.Snapshots;
using MiniPlane.Store;
using MiniPlane.Workloads;
using MiniPlane.Workloads.Addresses;
using MiniPlane.Workloads.Sim;

namespace MiniPlane.Hosting;

/// <summary>The rooms in the order in which data flows through them (docs/flow.md), each with its options.</summary>
internal static class Rooms
{
    public static ApiServerOptions ApiServer(UpOptions options, int port) => new()
    {
        DataDirectory = options.DataDirectory,
        BindAddress = options.BindAddress,
        Port = port,
        AuthorizationMode = options.AlwaysAllow ? AuthorizationMode.AlwaysAllow : AuthorizationMode.Rbac,
        TokenFile = options.TokenFile,
        EventTtl = options.EventTtl,
        EnabledAdmission = options.EnabledAdmission.ToHashSet(StringComparer.Ordinal),
        DisabledAdmission = options.DisabledAdmission.ToHashSet(StringComparer.Ordinal),
        ClusterDomain = options.ClusterDomain,
        Audit = options.AuditPolicyFile is { } policy
            ? new AuditOptions { PolicyFile = policy, LogFile = options.AuditLogPath ?? Path.Combine(options.DataDirectory, "audit.log") }
            : null,
    };

    public static void AddRooms(this IServiceCollection services, UpOptions options, ApiServerOptions apiServer, Func<ClusterPki> pki)
    {
        services.AddRoutingCore();
        services.AddHostedService<IdleMemory>();
        services.AddStore(options);
        services.AddApiServer(apiServer);
        services.AddSingleton<IAdmissionPlugin, JobScriptAdmission>();
        services.AddSingleton<INonResourceEndpoint, SnapshotEndpoint>();
        services.AddSingleton<INonResourceEndpoint, StatusEndpoint>();
        services.AddSingleton<INonResourceEndpoint, StopEndpoint>();
        services.AddSingleton<INonResourceEndpoint, ScriptEndpoint>();
        services.AddSingleton(new ServerFacts
        {
            DataDirectory = options.DataDirectory,
            Url = HostAddresses.LocalUrl(options.BindAddress, apiServer.Port),
            Zone = options.ClusterDomain,
            StoreFile = options.Store is { } kept ? SnapshotFiles.StoreFile(options.DataDirectory, kept) : null,
            Started = TimeProvider.System.GetUtcNow(),
        });
        string clusterId = ClusterIdentity.LoadOrCreate(options.DataDirectory);
        services.AddClusterControllers(_ => new ClusterControllersOptions
        {
            ClusterAuthorityPem = pki().AuthorityPem,
            ApiServerEndpoints = HostAddresses.Sockets(options.BindAddress, apiServer.Port),
            StorageRoots = StorageClasses.Of(options.Site(), options.DataDirectory, clusterId, Environment.GetEnvironmentVariable),
        });
        services.AddDns(options, apiServer.Port);
        services.AddClusterIngress(new IngressOptions
        {
            Address = options.BindAddress,
            PublicAddress = HostAddresses.Sockets(options.BindAddress, apiServer.Port).Select(endpoint => endpoint.Address).FirstOrDefault(IPAddress.Loopback),
            HttpPort = options.IngressPort,
            HttpsPort = options.IngressTlsPort,
        });
        services.AddWorkloads(Workloads(options, HostAddresses.Endpoints(options.BindAddress, apiServer.Port), clusterId, () => pki().AuthorityPem));
    }

    /// <summary>The way of a request: agents' streams by route, everything else to the API server.</summary>
    public static void UseRooms(this WebApplication app)
    {
        app.UseRouting();
#pragma warning disable ASP0014 // The API server answers every path, so the routes must come before it and not at the pipeline's end.
        app.UseEndpoints(endpoints => endpoints.MapAgentChannel());
#pragma warning restore ASP0014
        app.UseApiServer();
    }

    // With CoreDNS in front, the port that people know is CoreDNS's.
    private static void AddDns(this IServiceCollection services, UpOptions options, int apiPort)
    {
        ClusterDnsOptions dns = Dns(options);
        string? coreDns = CoreDnsProgram.Find(options.CoreDns, CoreDnsProgram.Places());
        services.AddClusterDns(coreDns is null ? dns : dns with { Port = 0 });
        services.AddSingleton<INonResourceEndpoint, DnsQueryEndpoint>();
        if (coreDns is not null)
        {
            services.AddCoreDns(CoreDnsProgram.Options(coreDns, options, dns, apiPort));
        }
    }

    private static void AddStore(this IServiceCollection services, UpOptions options)
    {
        if (options.Store is null)
        {
            services.AddRevisionStore(new StoreOptions { Kind = StoreKind.Memory });
            return;
        }

        StoreFormat format = StoreFormats.Require(options.Store, options.DataDirectory);
        var store = new StoreOptions
        {
            Path = SnapshotFiles.StoreFile(options.DataDirectory, format),
            RestoreCommand = SnapshotFiles.RestoreCommand(options.DataDirectory),
        };
        services.AddRevisionStore(loggers => format.Open(store, loggers));
    }

    // Pods get names by their hosts files; the server is for people and programs of this host, unless an address was chosen.
    private static ClusterDnsOptions Dns(UpOptions options) => new()
    {
        Zone = options.ClusterDomain,
        Address = options.BindAddress.Equals(IPAddress.Any) ? IPAddress.Loopback : options.BindAddress,
        Port = options.DnsPort,
        Upstreams = options.ExternalDns is { } servers ? ClusterDnsOptions.ParseUpstreams(servers) : null,
    };

    /// <summary>Where and how pods run.</summary>
    public static WorkloadsOptions Workloads(UpOptions options, IReadOnlyList<string> endpoints, string clusterId, Func<string> authority) => new()
    {
        DataDirectory = options.DataDirectory,
        ClusterId = clusterId,
        LoopbackRange = ClusterIdentity.LoopbackRange(clusterId),
        Backend = options.Backend,
        Slurmrestd = options.Slurmrestd,
        SlurmrestdTokenFile = options.SlurmrestdTokenFile ?? "",
        AgentCommand = AgentProgram.FindForJobs(options.AgentCommand, AppContext.BaseDirectory, options.DataDirectory),
        Endpoints = endpoints,
        CaCertificateSource = authority,
        PollInterval = options.PollInterval,
        PodNetwork = Enum.Parse<PodNetworkMode>(options.PodNetwork, ignoreCase: true),
        ClusterDomain = options.ClusterDomain,
        Site = options.Site(),
        Sim = new SimOptions { Nodes = options.SimNodes },
    };
}
