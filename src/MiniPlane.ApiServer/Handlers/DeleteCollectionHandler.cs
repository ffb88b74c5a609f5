using MiniPlane.ApiServer.Bodies;
using MiniPlane.ApiServer.Registry;
using MiniPlane.ApiServer.Requests;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Handlers;

/// <summary>DELETE of everything that a list with the same parameters would show.</summary>
internal sealed class DeleteCollectionHandler(ObjectRegistry registry) : IVerbHandler
{
    public string Verb => "deletecollection";

    public async Task HandleAsync(ApiRequest request)
    {
        DeleteOptions options = await DeleteOptions.ReadAsync(request);
        var listOptions = ListOptions.Read(request);
        await registry.Collections.PrepareAsync(request.Kind, listOptions.ToQuery(request), request.Cancelled);
        ObjectList list = registry.Collections.List(request.Kind, listOptions.ToQuery(request));
        var deleted = new List<ObjectDocument>(list.Items.Count);
        foreach (ObjectDocument item in list.Items.Take(listOptions.Limit > 0 ? (int)Math.Min(listOptions.Limit, int.MaxValue) : int.MaxValue))
        {
            if (await TryDeleteAsync(request, options, item))
            {
                deleted.Add(item);
            }
        }

        await ObjectWriter.WriteListAsync(request, new ListPage(list.Revision, deleted, "", null));
    }

    private async ValueTask<bool> TryDeleteAsync(ApiRequest request, DeleteOptions options, ObjectDocument item)
    {
        try
        {
            await registry.DeleteAsync(request.Kind, item.Key, options.Query, options.Scope, request.Cancelled);
            return true;
        }
        catch (ApiException error) when (error.Reason == "NotFound")
        {
            // Someone else deleted it meanwhile, which is what was wanted.
            return false;
        }
    }
}
