using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using MiniPlane.Ingress.Following;
using MiniPlane.Ingress.Routing;
using MiniPlane.Ingress.Tcp;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;
using MiniPlane.Objects.Loops;

namespace MiniPlane.Ingress.Serving;

/// <summary>
/// Writes into the status of Ingresses and exposed Services where they are reached, and makes sure at the start that the built-in
/// IngressClass is there.
/// </summary>
internal sealed partial class StatusWriter(
    IngressOptions options,
    ClusterView view,
    IngressServer server,
    TcpExposer exposer,
    IClusterClient cluster,
    ILogger<StatusWriter> logger,
    TimeProvider time) : BackgroundLoop(logger, time)
{
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(200);

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        if (options.HttpPort is not null)
        {
            await EnsureClassAsync(cancellationToken);
        }

        while (!cancellationToken.IsCancellationRequested)
        {
            Task changed = view.NextChange;
            if (view.IsComplete)
            {
                await WriteAllAsync(cancellationToken);
            }

            await changed.WaitAsync(cancellationToken);
            await Task.Delay(Breath, Time, cancellationToken);
        }
    }

    private async Task EnsureClassAsync(CancellationToken cancellationToken)
    {
        KindDefinition kind = Kind("networking.k8s.io/v1", "IngressClass");
        if (await cluster.FindAsync(kind, ObjectKey.Cluster(IngressClasses.BuiltIn), cancellationToken) is null)
        {
            var body = new JsonObject
            {
                ["apiVersion"] = kind.ApiVersion,
                ["kind"] = kind.Kind,
                ["metadata"] = new JsonObject
                {
                    ["name"] = IngressClasses.BuiltIn,
                    ["annotations"] = new JsonObject { ["ingressclass.kubernetes.io/is-default-class"] = "true" },
                },
                ["spec"] = new JsonObject { ["controller"] = IngressClasses.Controller },
            };
            await cluster.CreateAsync(kind, body, cancellationToken);
        }
    }

    private async Task WriteAllAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<IPEndPoint> listening = server.Listening;
        if (listening.Count > 0)
        {
            KindDefinition kind = Kind("networking.k8s.io/v1", "Ingress");
            var address = new JsonArray(Address([.. listening.Select(endpoint => endpoint.Port)]));
            foreach (ObjectDocument ingress in view.Ingresses.All.Where(ingress => IngressClasses.IsOurs(view, ingress)))
            {
                await WriteAsync(kind, ingress, address, cancellationToken);
            }
        }

        KindDefinition service = Kind("v1", "Service");
        foreach (ObjectDocument exposed in view.Services.All.Where(ExposedService.IsCandidate))
        {
            IReadOnlyList<int> ports = exposer.PortsOf(exposed.Key);
            bool wasExposed = exposed.ToJson().Array("status", "loadBalancer", "ingress") is { Count: > 0 };
            if (ports.Count > 0)
            {
                await WriteAsync(service, exposed, new JsonArray(Address(ports)), cancellationToken);
            }
            else if (wasExposed && !ExposedService.IsWanted(exposed))
            {
                await WriteAsync(service, exposed, [], cancellationToken);
            }
        }
    }

    private JsonObject Address(IReadOnlyList<int> ports) => new()
    {
        ["ip"] = options.PublicAddress.ToString(),
        ["ports"] = new JsonArray([.. ports.Select(port => new JsonObject { ["port"] = port, ["protocol"] = "TCP" })]),
    };

    private async Task WriteAsync(KindDefinition kind, ObjectDocument document, JsonArray address, CancellationToken cancellationToken)
    {
        if (document.ToJson().At("status", "loadBalancer", "ingress") is { } written ? written.SameAs(address) : address.Count == 0)
        {
            return;
        }

        var patch = new JsonObject
        {
            ["status"] = new JsonObject { ["loadBalancer"] = new JsonObject { ["ingress"] = address.Count == 0 ? null : address.DeepClone() } },
        };
        try
        {
            await cluster.PatchAsync(kind, document.Key, PatchType.Merge, patch, "status", cancellationToken);
        }
        catch (ApiException exception) when (exception.Code is 404 or 409)
        {
            LogRaced(logger, document.Key.ToString(), exception.Message);
        }
    }

    private KindDefinition Kind(string apiVersion, string kind) =>
        cluster.Catalogue.FindKind(apiVersion, kind) ?? throw new InvalidOperationException($"The catalogue has no {kind}.");

    [LoggerMessage(10004, LogLevel.Debug, "The address of {Key} was not written: {Message}")]
    private static partial void LogRaced(ILogger logger, string key, string message);
}
