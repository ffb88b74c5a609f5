using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MiniPlane.ApiServer;
using MiniPlane.Controllers;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Store;
using MiniPlane.Testing;

namespace MiniPlane.Integration.Tests.Controllers;

/// <summary>The real registry with its admission, defaults and validation over the store in memory, and all controllers; no HTTP, no Slurm.</summary>
public sealed class ControlledCluster : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("miniplane-controllers-").FullName;
    private IHost _host = null!;

    public IClusterClient Client => _host.Services.GetRequiredService<IClusterClient>();

    public async Task InitializeAsync()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddLogging();
        builder.Services.AddRevisionStore(new StoreOptions { Kind = StoreKind.Memory });
        builder.Services.AddApiServer(new ApiServerOptions
        {
            DataDirectory = _directory,
            BindAddress = IPAddress.Loopback,
            Port = 0,
        });
        builder.Services.AddClusterControllers(_ => new ClusterControllersOptions
        {
            ClusterAuthorityPem = "PEM",
            ApiServerEndpoints = [new IPEndPoint(IPAddress.Parse("192.0.2.1"), 6443)],
        });
        _host = builder.Build();
        await _host.StartAsync();
        await Eventually.TrueAsync(
            async () => await FindAsync("ServiceAccount", "default", "default") is not null, "the default namespace is ready");
        await CreateAsync("""{ "apiVersion": "v1", "kind": "Node", "metadata": { "name": "debug" }, "status": { "allocatable": { "cpu": "64", "memory": "512Gi" } } }""");
    }

    public async Task DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    public KindDefinition Kind(string kind) => Client.Catalogue.Kinds.First(candidate => candidate.Kind == kind && candidate.Version == "v1");

    public async Task<ObjectDocument> CreateAsync(string json)
    {
        JsonObject body = JsonNode.Parse(json)!.AsObject();
        KindDefinition kind = Client.Catalogue.FindKind(body.TextOrEmpty("apiVersion"), body.TextOrEmpty("kind"))!;
        return await Client.CreateAsync(kind, body, CancellationToken.None);
    }

    public async Task<ObjectDocument?> FindAsync(string kind, string @namespace, string name) =>
        await Client.FindAsync(Kind(kind), new ObjectKey(@namespace, name), CancellationToken.None);

    public async Task<IReadOnlyList<ObjectDocument>> ListAsync(string kind, string @namespace) =>
        (await Client.ListAsync(Kind(kind), ListQuery.InNamespace(@namespace), CancellationToken.None)).Items;

    public async Task<JsonObject> StatusAsync(string kind, string @namespace, string name) =>
        (await FindAsync(kind, @namespace, name))?.ToJson().Object("status") ?? [];

    public async Task MergeAsync(string kind, string @namespace, string name, string patch, string? subresource = null) =>
        await Client.PatchAsync(
            Kind(kind), new ObjectKey(@namespace, name), PatchType.Merge, JsonNode.Parse(patch)!, subresource, CancellationToken.None);

    public async Task DeleteAsync(string kind, string @namespace, string name, string? policy = null, long? grace = null) =>
        await Client.DeleteAsync(
            Kind(kind),
            new ObjectKey(@namespace, name),
            new DeleteQuery { PropagationPolicy = policy, GracePeriodSeconds = grace },
            CancellationToken.None);

    /// <summary>Plays the kubelet once in a namespace: bound pods run (or end), deleted ones go.</summary>
    public async Task StepPodsAsync(string @namespace, string phase = "Running")
    {
        foreach (ObjectDocument pod in await ListAsync("Pod", @namespace))
        {
            JsonObject json = pod.ToJson();
            if (pod.Metadata.IsBeingDeleted)
            {
                await DeleteAsync("Pod", @namespace, pod.Metadata.Name, grace: 0);
            }
            else if (json.Text("status", "phase") == "Pending" && json.Has("spec", "nodeName"))
            {
                string now = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
                await MergeAsync("Pod", @namespace, pod.Metadata.Name, $$"""
                    { "status": { "phase": "{{phase}}", "podIP": "10.1.2.3", "podIPs": [ { "ip": "10.1.2.3" } ],
                        "conditions": [ { "type": "PodScheduled", "status": "True" },
                                        { "type": "Ready", "status": "{{phase == "Running"}}", "lastTransitionTime": "{{now}}" } ] } }
                    """, "status");
            }
        }
    }

    /// <summary>Waits until nothing is written any more in a namespace; a controller that fights the defaults never rests.</summary>
    public async Task RestAsync(string @namespace)
    {
        string before = "";
        int quiet = 0;
        await Eventually.TrueAsync(
            async () =>
            {
                string[] revisions = await Task.WhenAll(
                    ((string[])["Pod", "ReplicaSet", "Deployment", "Endpoints", "EndpointSlice", "Job"]).Select(async kind =>
                        string.Join(',', (await ListAsync(kind, @namespace)).Select(document => document.ResourceVersion))));
                string now = string.Join('|', revisions);
                quiet = now == before ? quiet + 1 : 0;
                before = now;
                return quiet > 40;
            },
            "the controllers come to rest");
    }
}
