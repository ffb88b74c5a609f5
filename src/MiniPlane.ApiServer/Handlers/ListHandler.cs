using MiniPlane.ApiServer.Bodies;
using MiniPlane.ApiServer.Registry;
using MiniPlane.ApiServer.Requests;
using MiniPlane.ApiServer.Selection;
using MiniPlane.ApiServer.Watching;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;
using MiniPlane.Store.Revisions;

namespace MiniPlane.ApiServer.Handlers;

/// <summary>GET of a collection: from one snapshot, whole or in pages.</summary>
internal sealed class ListHandler(ObjectRegistry registry, PinnedSnapshots pinned) : IVerbHandler
{
    private const string TooOld =
        "The provided continue parameter is too old to display a consistent list result. "
        + "You can start a new list without the continue parameter, or use the continue token in this response to "
        + "retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - "
        + "objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.";

    public string Verb => "list";

    public async Task HandleAsync(ApiRequest request)
    {
        var options = ListOptions.Read(request);
        ObjectKey? after = null;
        CollectionSnapshot snapshot;
        if (options.Continue.Length > 0)
        {
            var token = ContinueToken.Decode(options.Continue);
            after = token.After;
            snapshot = token.Revision == ContinueToken.Newest
                ? registry.Collections.Snapshot(request.Kind)
                : pinned.Find(request.Kind.Collection, token.Revision)
                    ?? throw ApiErrors.ListExpired(TooOld, (token with { Revision = ContinueToken.Newest }).Encode());
        }
        else
        {
            snapshot = Newest(request, options);
        }

        if (StoreAccess.NeedsPreparation(request.Kind))
        {
            await registry.Access.PrepareAsync(request.Kind, snapshot.Range(options.ToQuery(request).Namespace, after), request.Cancelled);
        }

        await ObjectWriter.WriteListAsync(request, Page(request, options, snapshot, after));
    }

    private CollectionSnapshot Newest(ApiRequest request, ListOptions options)
    {
        CollectionSnapshot snapshot = registry.Collections.Snapshot(request.Kind);
        if (options.Revision > snapshot.Revision)
        {
            throw ApiErrors.ResourceVersionTooLarge(options.Revision, snapshot.Revision);
        }

        if (options.Match == "Exact" && options.Revision < snapshot.Revision)
        {
            return pinned.Find(request.Kind.Collection, options.Revision)
                ?? PastSnapshot.Reconstruct(registry.Access.Store, request.Kind.Collection, snapshot, options.Revision);
        }

        return snapshot;
    }

    private ListPage Page(ApiRequest request, ListOptions options, CollectionSnapshot snapshot, ObjectKey? after)
    {
        ObjectFilter filter = options.Filter(request);
        string? ns = options.ToQuery(request).Namespace;
        var items = new List<ObjectDocument>();
        foreach (ObjectDocument document in registry.Collections.Matching(request.Kind, snapshot, filter, ns, after))
        {
            if (options.Limit > 0 && items.Count == options.Limit)
            {
                return CutPage(request, snapshot, items, filter, ns);
            }

            items.Add(registry.Access.ToVersion(document, request.Kind));
        }

        return new ListPage(snapshot.Revision, items, "", null);
    }

    private ListPage CutPage(
        ApiRequest request, CollectionSnapshot snapshot, List<ObjectDocument> items, ObjectFilter filter, string? ns)
    {
        ObjectKey last = items[^1].Key;
        pinned.Keep(request.Kind.Collection, snapshot);
        long? remaining = filter.IsEverything ? snapshot.CountOf(ns, last) : null;
        return new ListPage(snapshot.Revision, items, new ContinueToken(snapshot.Revision, last).Encode(), remaining);
    }
}
