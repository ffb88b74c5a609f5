using MiniPlane.ApiServer.Bodies;
using MiniPlane.ApiServer.Registry;
using MiniPlane.ApiServer.Requests;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Handlers;

/// <summary>PATCH in one of the four formats.</summary>
internal sealed class PatchHandler(ObjectRegistry registry) : IVerbHandler
{
    public string Verb => "patch";

    public async Task HandleAsync(ApiRequest request)
    {
        PatchType type = BodyReader.MediaType(request.Http.Request.ContentType) switch
        {
            "application/json-patch+json" => PatchType.Json,
            "application/merge-patch+json" => PatchType.Merge,
            "application/strategic-merge-patch+json" when !request.Kind.IsCustom() => PatchType.StrategicMerge,
            "application/apply-patch+yaml" => PatchType.Apply,
            _ => throw ApiErrors.UnsupportedMediaType(
                "the body of the request was in an unknown format - accepted media types include: "
                + "application/json-patch+json, application/merge-patch+json, "
                + (request.Kind.IsCustom() ? "" : "application/strategic-merge-patch+json, ")
                + "application/apply-patch+yaml"),
        };
        ReadOnlyMemory<byte> raw = await BodyReader.ReadBytesAsync(request.Http.Request, request.Cancelled);
        DecodedBody patch = BodyReader.Decode(raw, type == PatchType.Apply, request.Kind.Kind);
        WriteScope scope = WriteOptions.Scope(request, "PatchOptions", patch);
        WriteResult result = await registry.PatchAsync(
            request.Kind,
            request.Key,
            type,
            patch.Json ?? throw ApiErrors.BadRequest("the patch is empty"),
            request.Subresource?.Name,
            scope,
            request.Cancelled);
        await ObjectWriter.WriteAsync(request, result.IsCreated ? 201 : 200, result.Document);
    }
}
