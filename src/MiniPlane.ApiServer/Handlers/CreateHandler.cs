using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Bodies;
using MiniPlane.ApiServer.Registry;
using MiniPlane.ApiServer.Requests;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Handlers;

/// <summary>POST to a collection, or to a subresource that only knows create.</summary>
internal sealed class CreateHandler(ObjectRegistry registry) : IVerbHandler
{
    public string Verb => "create";

    public async Task HandleAsync(ApiRequest request)
    {
        string kind = request.Subresource?.Kind ?? request.Kind.Kind;
        (JsonObject body, DecodedBody decoded) = await BodyReader.ReadObjectAsync(request.Http.Request, kind, request.Cancelled);
        WriteScope scope = WriteOptions.Scope(request, "CreateOptions", decoded);
        BodyIdentity.Check(request, body);
        if (request.Subresource is { } subresource)
        {
            JsonObject answer = await registry.CreateSubresourceAsync(
                request.Kind, request.Key, subresource.Name, body, scope, request.Cancelled);
            await ObjectWriter.WriteJsonAsync(request, 201, answer);
            return;
        }

        var place = new ObjectKey(request.Kind.IsNamespaced ? request.Info.Namespace : "", "");
        WriteResult result = await registry.CreateAsync(request.Kind, place, body, scope, request.Cancelled);
        await ObjectWriter.WriteAsync(request, 201, result.Document);
    }
}
