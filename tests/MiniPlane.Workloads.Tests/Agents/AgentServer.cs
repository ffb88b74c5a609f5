using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using MiniPlane.Wire.Agent;
using MiniPlane.Wire.Grpc;
using MiniPlane.Workloads.Agents;
using MiniPlane.Workloads.Dispatch;
using MiniPlane.Workloads.Status;
using MiniPlane.Workloads.Tests.Dispatch;

namespace MiniPlane.Workloads.Tests.Agents;

/// <summary>The agent channel on a server in memory, beside the dispatching parts.</summary>
internal sealed class AgentServer : IAsyncDisposable
{
    private readonly IHost _host;

    private AgentServer(Rig rig, IHost host, ServiceBook services)
    {
        Rig = rig;
        Services = services;
        _host = host;
        Connections = new PodConnections(rig.Hub, rig.Files, rig.Ledger, rig.Time);
    }

    public Rig Rig { get; }

    public ServiceBook Services { get; }

    public PodConnections Connections { get; }

    public static async Task<AgentServer> StartAsync(FakeBackend backend)
    {
        var rig = new Rig(backend);
        var services = new ServiceBook(rig.Options);
        var builder = new AssignmentBuilder(
            rig.Cluster, rig.Kinds, services, new PodTokens(rig.Cluster, rig.Kinds), rig.Addresses, rig.Files, rig.Options, NullLogger<AssignmentBuilder>.Instance);
        var endpoint = new AgentEndpoint(
            rig.Hub,
            rig.Files,
            rig.Cluster,
            rig.Kinds,
            rig.Ledger,
            rig.Queue,
            builder,
            new PodStatusWriter(rig.Cluster, rig.Kinds),
            new PodEvents(rig.Cluster, rig.Kinds, NullLogger<PodEvents>.Instance, rig.Time),
            new UsageBook(rig.Time),
            NullLogger<AgentEndpoint>.Instance,
            rig.Time);
        IHost host = new HostBuilder()
            .ConfigureWebHost(web => web
                .UseTestServer()
                .ConfigureServices(collection => collection.AddRouting().AddSingleton(endpoint))
                .Configure(app => app.UseRouting().UseEndpoints(endpoints => endpoints.MapAgentChannel())))
            .Build();
        await host.StartAsync();
        return new AgentServer(rig, host, services);
    }

    /// <summary>Dials in as the pod's agent would, and says hello.</summary>
    public async Task<GrpcDuplex<ControlMessage, AgentMessage>> DialAsync(string uid, string? token = null, uint window = 0, uint jobRestarts = 0)
    {
        string secret = token ?? AgentConfiguration.Load(Path.Combine(Rig.Files.DirectoryOf(uid), "agent.json")).Token;
        var client = new GrpcClient(_host.GetTestServer().CreateHandler(), new Uri("https://localhost"), secret);
        GrpcDuplex<ControlMessage, AgentMessage> duplex =
            await client.OpenAsync<ControlMessage, AgentMessage>(AgentMethods.Connect, ControlMessage.Parser, default);
        await duplex.WriteAsync(new AgentMessage { Hello = new Hello { PodUid = uid, HostName = "node1", StreamWindow = window, JobRestarts = jobRestarts } }, default);
        return duplex;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        Rig.Dispose();
    }
}
