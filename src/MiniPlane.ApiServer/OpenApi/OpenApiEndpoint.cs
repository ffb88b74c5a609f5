using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using MiniPlane.ApiServer.Aggregation;
using MiniPlane.ApiServer.Discovery;
using MiniPlane.ApiServer.Requests;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.OpenApi;

/// <summary>
/// Serves <c>/openapi/v2</c>, <c>/openapi/v3</c> and the documents below that. All in JSON; all but the index also as the protobuf
/// messages that Go clients ask for.
/// </summary>
internal sealed class OpenApiEndpoint(OpenApiDocuments documents, IEnumerable<AggregatedOpenApi> aggregated) : INonResourceEndpoint
{
    private const string V3Prefix = "/openapi/v3/";

    // None where nothing is aggregated.
    private readonly AggregatedOpenApi? _aggregated = aggregated.FirstOrDefault();

    public bool Matches(string path) =>
        path is "/openapi/v2" or "/openapi/v3" or V3Prefix
        || (path.StartsWith(V3Prefix, StringComparison.Ordinal) && Hash(path[V3Prefix.Length..]) is not null);

    public Task HandleAsync(HttpContext context)
    {
        DocumentWriter.RequireRead(context);
        if (context.Request.Path.Value == "/openapi/v2" && WantsProtobuf(context.Request.Headers.Accept.ToString()))
        {
            return DocumentWriter.WriteAsync(
                context, _aggregated?.V2Protobuf(documents.V2(), documents.V2Protobuf()) ?? documents.V2Protobuf());
        }

        if (context.Request.Path.Value is { } below && below.StartsWith(V3Prefix, StringComparison.Ordinal) && below != V3Prefix)
        {
            return WriteV3Async(context, below[V3Prefix.Length..], WantsV3Protobuf(context.Request.Headers.Accept));
        }

        if (!AcceptedMedia.Parse(context.Request.Headers.Accept).Any(AcceptedMedia.AllowsJson))
        {
            throw ApiErrors.NotAcceptable("only the following media types are accepted: application/json");
        }

        return context.Request.Path.Value == "/openapi/v2"
            ? DocumentWriter.WriteAsync(context, _aggregated?.V2(documents.V2()) ?? documents.V2())
            : DocumentWriter.WriteAsync(context, _aggregated?.Index(documents.V3Index()) ?? documents.V3Index());
    }

    // The best clause that can be served decides (k8s.io/kube-openapi/pkg/handler3).
    private static bool WantsV3Protobuf(StringValues accept)
    {
        foreach (MediaTypeHeaderValue clause in AcceptedMedia.Parse([.. accept.Select(GnosticThreeDocument.Readable)]))
        {
            if (AcceptedMedia.AllowsJson(clause))
            {
                return false;
            }

            if (clause.MediaType.Equals(GnosticThreeDocument.MediaType, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        throw ApiErrors.NotAcceptable($"only the following media types are accepted: application/json, {GnosticThreeDocument.MediaType}");
    }

    // The name has an at sign, which no media type should have, so it is looked for as text. Whoever takes JSON as well gets JSON.
    private static bool WantsProtobuf(string accept) =>
        !accept.Contains("json", StringComparison.OrdinalIgnoreCase)
        && (accept.Contains(GnosticDocument.AskedMediaType, StringComparison.OrdinalIgnoreCase)
            || accept.Contains(GnosticDocument.MediaType, StringComparison.OrdinalIgnoreCase));

    // A hash names the contents for ever; one that is out of date leads to the one that is not.
    private Task WriteV3Async(HttpContext context, string path, bool isProtobuf)
    {
        string? given = context.Request.Query["hash"];
        string? current = Hash(path);
        if (given is { Length: > 0 } && given != current)
        {
            context.Response.Redirect($"{V3Prefix}{path}?hash={current}", permanent: true);
            return Task.CompletedTask;
        }

        if (given is not null)
        {
            context.Response.Headers.CacheControl = "public, immutable";
            context.Response.Headers.Expires = "Sun, 31 Dec 2034 23:59:59 GMT";
        }

        ServedDocument? document = isProtobuf
            ? documents.V3Protobuf(path) ?? _aggregated?.V3Protobuf(path)
            : documents.V3(path) ?? _aggregated?.V3(path);
        return DocumentWriter.WriteAsync(context, document ?? throw ApiErrors.NoSuchResource());
    }

    private string? Hash(string path) => documents.V3Hash(path) ?? _aggregated?.V3(path)?.Hash;
}
