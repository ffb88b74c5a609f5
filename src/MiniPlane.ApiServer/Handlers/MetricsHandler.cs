using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using MiniPlane.ApiServer.Bodies;
using MiniPlane.ApiServer.Registry;
using MiniPlane.ApiServer.Requests;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;
using MiniPlane.Objects.Quantities;

namespace MiniPlane.ApiServer.Handlers;

/// <summary>
/// metrics.k8s.io/v1beta1, as metrics-server serves it: what pods use, and what the pods of a node use together. Made when asked, from
/// the agents' newest measurements; a pod without one is not there.
/// </summary>
internal sealed class MetricsHandler(ObjectRegistry registry, IServiceProvider services) : IKindHandler
{
    private const string Group = "metrics.k8s.io";
    private static readonly TimeSpan UsualWindow = TimeSpan.FromSeconds(15);

    public bool Handles(KindDefinition kind) => kind.Group == Group;

    public async Task HandleAsync(ApiRequest request)
    {
        // meta.v1.Duration is text in JSON but a number in protobuf; clients read the answer by its content type, so they get JSON.
        if (request.Format.IsProtobuf)
        {
            request = request with { Format = request.Format with { Encoding = AnswerEncoding.Json } };
        }

        IPodUsage? usage = services.GetService<IPodUsage>();
        bool isPods = request.Kind.Kind == "PodMetrics";
        if (request.Info.Name.Length > 0)
        {
            ObjectDocument found = registry.Access.Get(isPods ? BuiltInKinds.Pod : BuiltInKinds.Node, request.Key);
            JsonObject body = (isPods ? OfPod(request, usage, found) : OfNode(request, usage, found))
                ?? throw ApiErrors.NotFound(request.Kind, request.Key.ToString());
            await ObjectWriter.WriteAsync(request, 200, StoreAccess.Unsaved(body, 0));
            return;
        }

        KindDefinition source = isPods ? BuiltInKinds.Pod : BuiltInKinds.Node;
        ObjectList list = registry.Collections.List(source, ListOptions.Read(request).ToQuery(request));
        ObjectDocument[] items =
        [
            .. list.Items.Select(item => isPods ? OfPod(request, usage, item) : OfNode(request, usage, item))
                .OfType<JsonObject>()
                .Select(item => StoreAccess.Unsaved(item, 0)),
        ];
        await ObjectWriter.WriteListAsync(request, new ListPage(list.Revision, items, "", null));
    }

    private static JsonObject? OfPod(ApiRequest request, IPodUsage? usage, ObjectDocument pod)
    {
        if (usage?.Find(pod) is not { } measured)
        {
            return null;
        }

        JsonObject body = Head(request, pod, measured.Time, measured.Window);
        body["containers"] = new JsonArray(
        [
            .. measured.Containers.OrderBy(container => container.Key, StringComparer.Ordinal).Select(container => new JsonObject
            {
                ["name"] = container.Key,
                ["usage"] = Amounts(container.Value.CpuNanoCores, container.Value.MemoryBytes),
            }),
        ]);
        return body;
    }

    private JsonObject? OfNode(ApiRequest request, IPodUsage? usage, ObjectDocument node)
    {
        if (usage is null)
        {
            return null;
        }

        long cpu = 0;
        long memory = 0;
        var pods = new ListQuery { Fields = $"spec.nodeName={node.Metadata.Name}" };
        foreach (ObjectDocument pod in registry.Collections.List(BuiltInKinds.Pod, pods).Items)
        {
            foreach (ContainerUsage used in usage.Find(pod)?.Containers.Values ?? [])
            {
                cpu += used.CpuNanoCores;
                memory += used.MemoryBytes;
            }
        }

        JsonObject body = Head(request, node, request.Now, UsualWindow);
        body["usage"] = Amounts(cpu, memory);
        return body;
    }

    private static JsonObject Head(ApiRequest request, ObjectDocument source, DateTimeOffset time, TimeSpan window)
    {
        string now = time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var metadata = new JsonObject { ["name"] = source.Metadata.Name };
        if (source.Metadata.Namespace.Length > 0)
        {
            metadata["namespace"] = source.Metadata.Namespace;
        }

        metadata["creationTimestamp"] = now;
        if (source.Metadata.Labels.Count > 0)
        {
            metadata["labels"] = new JsonObject(source.Metadata.Labels.Select(
                label => KeyValuePair.Create<string, JsonNode?>(label.Key, label.Value)));
        }

        return new JsonObject
        {
            ["kind"] = request.Kind.Kind,
            ["apiVersion"] = request.Kind.ApiVersion,
            ["metadata"] = metadata,
            ["timestamp"] = now,
            ["window"] = string.Create(CultureInfo.InvariantCulture, $"{Math.Round(window.TotalSeconds, 3)}s"),
        };
    }

    private static JsonObject Amounts(long nanoCores, long bytes) => new()
    {
        ["cpu"] = string.Create(CultureInfo.InvariantCulture, $"{nanoCores}n"),
        ["memory"] = Quantity.FromValue(bytes / 1024 * 1024, QuantityFormat.BinarySI).ToString(),
    };
}
