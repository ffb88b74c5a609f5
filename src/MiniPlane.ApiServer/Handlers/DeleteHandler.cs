using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Bodies;
using MiniPlane.ApiServer.Registry;
using MiniPlane.ApiServer.Requests;
using MiniPlane.Objects.Catalogue;

namespace MiniPlane.ApiServer.Handlers;

/// <summary>DELETE of one object.</summary>
internal sealed class DeleteHandler(ObjectRegistry registry) : IVerbHandler
{
    public string Verb => "delete";

    public async Task HandleAsync(ApiRequest request)
    {
        DeleteOptions options = await DeleteOptions.ReadAsync(request);
        DeleteResult result = await registry.DeleteAsync(
            request.Kind, request.Key, options.Query, options.Scope, request.Cancelled);

        // Upstream says 202 only to the old clients that ask for orphanDependents=false.
        int code = !result.IsGone && options.OrphanDependents == false ? 202 : 200;
        if (result.IsGone && !request.Kind.IsReturnedWhenDeleted())
        {
            await ObjectWriter.WriteJsonAsync(request, code, Success(request.Kind, result));
            return;
        }

        await ObjectWriter.WriteAsync(request, code, result.Document);
    }

    private static JsonObject Success(KindDefinition kind, DeleteResult result)
    {
        var details = new JsonObject { ["name"] = result.Document.Metadata.Name };
        if (kind.Group.Length > 0)
        {
            details["group"] = kind.Group;
        }

        details["kind"] = kind.Plural;
        details["uid"] = result.Document.Metadata.Uid;
        return new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Success",
            ["details"] = details,
        };
    }
}
