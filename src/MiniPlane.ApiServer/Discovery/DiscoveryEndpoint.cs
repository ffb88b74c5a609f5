using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using MiniPlane.ApiServer.Aggregation;
using MiniPlane.ApiServer.Bodies;
using MiniPlane.ApiServer.Requests;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Errors;
using MiniPlane.Objects.Protobuf;

namespace MiniPlane.ApiServer.Discovery;

/// <summary>Serves <c>/api</c>, <c>/apis</c> and the groups and versions below them.</summary>
internal sealed class DiscoveryEndpoint(
    DiscoveryDocuments documents, IEnumerable<AggregatedDiscovery> aggregated, IKindCatalogue catalogue)
    : INonResourceEndpoint
{
    public bool Matches(string path) => Find(path, DiscoveryFormat.Plain, "") is not null;

    public Task HandleAsync(HttpContext context)
    {
        string path = context.Request.Path.Value ?? "";
        if (Segments(path) is ["apis"] or ["apis", _])
        {
            DocumentWriter.RequireRead(context);
        }
        else
        {
            DocumentWriter.RequireGet(context);
        }

        bool isRoot = Segments(path).Length == 1;
        DiscoveryFormat format = Choose(context.Request, isRoot, out bool isProtobuf);
        ServedDocument document = Find(path, format, context.Request.Host.Value ?? "") ?? throw ApiErrors.NoSuchResource();
        if (Segments(path) is ["apis"])
        {
            document = aggregated.Aggregate(document, (merged, source) => source.Merge(merged, format));
        }

        return DocumentWriter.WriteAsync(context, isProtobuf ? AsProtobuf(document) : document);
    }

    private static string[] Segments(string path) => path.Trim('/').Split('/');

    // The first clause that can be served wins, as upstream negotiates; only the two roots know the aggregated form.
    private static DiscoveryFormat Choose(HttpRequest request, bool isRoot, out bool isProtobuf)
    {
        isProtobuf = false;
        foreach (MediaTypeHeaderValue clause in AcceptedMedia.Parse(request.Headers.Accept))
        {
            if (clause.MediaType == ProtobufDecoder.MediaType && AcceptedMedia.Parameter(clause, "as").Length == 0)
            {
                isProtobuf = true;
                return DiscoveryFormat.Plain;
            }

            if (!AcceptedMedia.AllowsJson(clause))
            {
                continue;
            }

            if (AcceptedMedia.Parameter(clause, "as").Length == 0)
            {
                return DiscoveryFormat.Plain;
            }

            bool isAggregated = isRoot
                && AcceptedMedia.Parameter(clause, "as") == "APIGroupDiscoveryList"
                && AcceptedMedia.Parameter(clause, "g") == "apidiscovery.k8s.io";
            switch (isAggregated ? AcceptedMedia.Parameter(clause, "v") : "")
            {
                case "v2": return DiscoveryFormat.AggregatedV2;
                case "v2beta1": return DiscoveryFormat.AggregatedV2Beta1;
                default: continue;
            }
        }

        throw ApiErrors.NotAcceptable("only the following media types are accepted: application/json");
    }

    private ServedDocument AsProtobuf(ServedDocument document) =>
        new(ProtobufAnswers.Encode(catalogue, JsonNode.Parse(document.Body.Span) ?? new JsonObject()), ProtobufDecoder.MediaType);

    private ServedDocument? Find(string path, DiscoveryFormat format, string serverAddress) => Segments(path) switch
    {
        ["api"] => documents.CoreVersions(serverAddress, format),
        ["apis"] => documents.Groups(format),
        ["api", var version] => documents.Resources("", version),
        ["apis", var group] when group.Length > 0 => documents.Group(group),
        ["apis", var group, var version] when group.Length > 0 => documents.Resources(group, version),
        _ => null,
    };
}
