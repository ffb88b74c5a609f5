using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Bodies;
using MiniPlane.ApiServer.Registry;
using MiniPlane.ApiServer.Requests;

namespace MiniPlane.ApiServer.Handlers;

/// <summary>PUT of an object or of one of its subresources.</summary>
internal sealed class UpdateHandler(ObjectRegistry registry) : IVerbHandler
{
    public string Verb => "update";

    public async Task HandleAsync(ApiRequest request)
    {
        string kind = request.Subresource?.Kind ?? request.Kind.Kind;
        (JsonObject body, DecodedBody decoded) = await BodyReader.ReadObjectAsync(request.Http.Request, kind, request.Cancelled);
        WriteScope scope = WriteOptions.Scope(request, "UpdateOptions", decoded);
        BodyIdentity.Check(request, body);
        WriteResult result = await registry.ReplaceAsync(
            request.Kind, request.Key, body, request.Subresource?.Name, scope, request.Cancelled);
        await ObjectWriter.WriteAsync(request, result.IsCreated ? 201 : 200, result.Document);
    }
}
