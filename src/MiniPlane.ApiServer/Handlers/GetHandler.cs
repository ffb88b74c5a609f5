using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Bodies;
using MiniPlane.ApiServer.Registry;
using MiniPlane.ApiServer.Registry.Subresources;
using MiniPlane.ApiServer.Requests;
using MiniPlane.ApiServer.Tables;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Handlers;

/// <summary>GET of one object, or of a subresource that is a view of it.</summary>
internal sealed class GetHandler(ObjectRegistry registry) : IVerbHandler
{
    public string Verb => "get";

    public async Task HandleAsync(ApiRequest request)
    {
        if (StoreAccess.NeedsPreparation(request.Kind))
        {
            await registry.Access.PrepareAsync(request.Kind, request.Key, request.Cancelled);
        }

        ObjectDocument document = registry.Access.Get(request.Kind, request.Key);
        await (request.Subresource?.Name == ScaleSubresource.Name
            ? WriteScaleAsync(request, ScaleSubresource.Read(request.Kind, document.ToJson()))
            : ObjectWriter.WriteAsync(request, 200, document));
    }

    private static Task WriteScaleAsync(ApiRequest request, JsonObject scale) => ObjectWriter.WriteJsonAsync(
        request, 200, request.Format.Shape == AnswerShape.Table ? ScaleTable.Of(scale, request.Format.MetaVersion, request.Now) : scale);
}
