using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Discovery;
using MiniPlane.ApiServer.OpenApi;
using MiniPlane.ApiServer.Outbound;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Aggregation;

/// <summary>
/// The schemas that aggregated servers publish, asked for after each good check, and this server's documents with them added
/// (k8s.io/kube-aggregator, controllers/openapi and openapiv3).
/// </summary>
internal sealed class AggregatedOpenApi(AggregatedApis apis, TimeProvider time)
{
    private const string Json = "application/json";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, AggregatedSchemas> _known = new(StringComparer.Ordinal);
    private volatile Merged? _v2;
    private volatile Merged? _v2Protobuf;

    /// <summary>Asks a server that answers for what it publishes. One that publishes nothing is none the worse for it.</summary>
    public async Task RefreshAsync(AggregatedApi api, CancellationToken cancellationToken)
    {
        var found = new AggregatedSchemas(
            await AskAsync(api, $"/openapi/v3{api.BasePath}", "openapi", cancellationToken),
            await AskAsync(api, "/openapi/v2", "swagger", cancellationToken),
            api);
        if (!_known.TryGetValue(Path(api), out AggregatedSchemas? known) || !known.SameAs(found))
        {
            _known[Path(api)] = found;
        }
    }

    public void Forget(AggregatedApi api) => _known.TryRemove(Path(api), out _);

    /// <summary>The OpenAPI 3 document of an aggregated group and version, or null.</summary>
    /// <param name="path">The path below <c>/openapi/v3/</c>.</param>
    public ServedDocument? V3(string path) => Present().FirstOrDefault(one => Path(one.Api) == path)?.V3;

    /// <summary>The same as a protobuf message.</summary>
    /// <param name="path">The path below <c>/openapi/v3/</c>.</param>
    public ServedDocument? V3Protobuf(string path) => Present().FirstOrDefault(one => Path(one.Api) == path)?.V3Protobuf;

    /// <summary>The index of the OpenAPI 3 documents with the aggregated ones.</summary>
    public ServedDocument Index(ServedDocument own)
    {
        AggregatedSchemas[] present = [.. Present().Where(one => one.V3 is not null)];
        if (present.Length == 0)
        {
            return own;
        }

        JsonObject index = JsonNode.Parse(own.Body.Span)?.AsObject() ?? [];
        JsonObject paths = index.Ensure("paths");
        foreach (AggregatedSchemas one in present)
        {
            string path = Path(one.Api);
            paths[path] = new JsonObject { ["serverRelativeURL"] = $"/openapi/v3/{path}?hash={one.V3?.Hash}" };
        }

        return new ServedDocument(Registry.JsonBytes.Encode(index), own.ContentType);
    }

    /// <summary>The OpenAPI 2 document with the aggregated paths and definitions.</summary>
    public ServedDocument V2(ServedDocument own)
    {
        AggregatedSchemas[] present = [.. Present().Where(one => one.V2 is not null)];
        if (present.Length == 0)
        {
            return own;
        }

        if (_v2 is { } known && known.IsOf(own, present))
        {
            return known.Document;
        }

        JsonObject document = JsonNode.Parse(own.Body.Span)?.AsObject() ?? [];
        foreach (AggregatedSchemas one in present)
        {
            one.AddTo(document);
        }

        var merged = new Merged(own, present, new ServedDocument(Registry.JsonBytes.Encode(document), own.ContentType));
        _v2 = merged;
        return merged.Document;
    }

    /// <summary>The same as a protobuf message.</summary>
    public ServedDocument V2Protobuf(ServedDocument own, ServedDocument ownProtobuf)
    {
        ServedDocument json = V2(own);
        if (ReferenceEquals(json, own))
        {
            return ownProtobuf;
        }

        if (_v2Protobuf is not { } known || !known.IsOf(json, []))
        {
            known = new Merged(json, [], new ServedDocument(GnosticDocument.Encode(json.Body), GnosticDocument.MediaType));
            _v2Protobuf = known;
        }

        return known.Document;
    }

    // An APIService that is gone takes its schemas along at once.
    private IEnumerable<AggregatedSchemas> Present()
    {
        foreach (AggregatedApi api in apis.All)
        {
            if (_known.TryGetValue(Path(api), out AggregatedSchemas? schemas))
            {
                yield return schemas;
            }
        }
    }

    private async Task<byte[]?> AskAsync(AggregatedApi api, string path, string mark, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            (int code, byte[] body) = await apis.GetAsync(api, path, Json, linked.Token);
            return code == 200 && JsonNode.Parse(body).Has(mark) ? body : null;
        }
        catch (Exception error) when (error is HttpRequestException or SocketException or IOException or OutboundException or JsonException
            || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // What cannot be had is not published; the next round asks again.
            return null;
        }
    }

    private static string Path(AggregatedApi api) => $"apis/{api.Group}/{api.Version}";

    private sealed record Merged(ServedDocument Own, AggregatedSchemas[] Parts, ServedDocument Document)
    {
        public bool IsOf(ServedDocument own, AggregatedSchemas[] parts) => ReferenceEquals(own, Own) && Parts.AsSpan().SequenceEqual(parts);
    }
}
