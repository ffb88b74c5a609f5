using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using MiniPlane.Ingress.Following;
using MiniPlane.Ingress.Proxying;
using MiniPlane.Ingress.Serving;
using MiniPlane.Ingress.Tcp;
using MiniPlane.Objects.Documents;
using MiniPlane.Testing.Cluster;

namespace MiniPlane.Ingress.Tests;

/// <summary>The room on loopback, following a cluster in memory.</summary>
internal sealed class IngressRig : IAsyncDisposable
{
    private readonly Upstreams _upstreams = new();
    private readonly ClusterView _view;
    private readonly StatusWriter _status;

    public IngressRig()
    {
        Cluster = new FakeCluster(TimeProvider.System);
        Cluster.Kinds.Add(FakeCatalogue.Make("networking.k8s.io", "Ingress", "ingresses", isNamespaced: true, "status"));
        Cluster.Kinds.Add(FakeCatalogue.Make("networking.k8s.io", "IngressClass", "ingressclasses", isNamespaced: false));
        Cluster.Kinds.Add(FakeCatalogue.Make("", "Secret", "secrets", isNamespaced: true));
        var options = new IngressOptions { Address = IPAddress.Loopback, PublicAddress = IPAddress.Loopback };
        ILoggerFactory loggers = NullLoggerFactory.Instance;
        _view = new ClusterView(Cluster, NullLogger<KindFollower>.Instance, TimeProvider.System);
        Server = new IngressServer(options, _view, _upstreams, loggers, TimeProvider.System);
        Exposer = new TcpExposer(options, _view, loggers, TimeProvider.System);
        _status = new StatusWriter(options, _view, Server, Exposer, Cluster, NullLogger<StatusWriter>.Instance, TimeProvider.System);
    }

    public FakeCluster Cluster { get; }

    public IngressServer Server { get; }

    public TcpExposer Exposer { get; }

    public async Task StartAsync()
    {
        await _view.StartAsync(CancellationToken.None);
        await Server.StartAsync(CancellationToken.None);
        await Exposer.StartAsync(CancellationToken.None);
        await _status.StartAsync(CancellationToken.None);
    }

    public async Task<ObjectDocument> CreateAsync(string kind, string json) =>
        await Cluster.CreateAsync(Cluster.Kind(kind), JsonNode.Parse(json)!.AsObject(), CancellationToken.None);

    /// <summary>A Service of one port with ready endpoints on loopback.</summary>
    public async Task ServeAsync(string service, params int[] ports)
    {
        await CreateAsync("Service", $$"""
            { "apiVersion": "v1", "kind": "Service", "metadata": { "name": "{{service}}", "namespace": "default",
                "annotations": { "miniplane.io/original-service-type": "LoadBalancer", "miniplane.io/expose": "true" } },
              "spec": { "ports": [ { "name": "main", "port": 80 } ] } }
            """);
        foreach (int port in ports)
        {
            await CreateAsync("EndpointSlice", $$"""
                { "apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "addressType": "IPv4",
                  "metadata": { "name": "{{service}}-{{port}}", "namespace": "default", "labels": { "kubernetes.io/service-name": "{{service}}" } },
                  "endpoints": [ { "addresses": [ "127.0.0.1" ], "conditions": { "ready": true } } ], "ports": [ { "name": "main", "port": {{port}}, "protocol": "TCP" } ] }
                """);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _status.StopAsync(CancellationToken.None);
        await Exposer.StopAsync(CancellationToken.None);
        await Server.StopAsync(CancellationToken.None);
        await _view.StopAsync(CancellationToken.None);
        _status.Dispose();
        Exposer.Dispose();
        Server.Dispose();
        _view.Dispose();
        _upstreams.Dispose();
    }
}
