using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;
using MiniPlane.Objects.Loops;

namespace MiniPlane.Ingress.Following;

/// <summary>Keeps all objects of one kind at hand: list, then watch; list again when the watch has lost its place.</summary>
internal sealed class KindFollower(
    string apiVersion, string kindName, ClusterView view, IClusterClient cluster, ILogger<KindFollower> logger, TimeProvider time)
    : BackgroundLoop(logger, time)
{
    private const int Gone = 410;

    private readonly ConcurrentDictionary<ObjectKey, ObjectDocument> _objects = new();

    public string KindName => kindName;

    public bool IsListed { get; private set; }

    public ICollection<ObjectDocument> All => _objects.Values;

    public ObjectDocument? Find(ObjectKey key) => _objects.GetValueOrDefault(key);

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        KindDefinition kind = cluster.Catalogue.FindKind(apiVersion, kindName)
            ?? throw new InvalidOperationException($"The catalogue has no {kindName} of {apiVersion}.");
        ObjectList list = await cluster.ListAsync(kind, ListQuery.All, cancellationToken);
        var listed = list.Items.ToDictionary(item => item.Key);
        foreach (ObjectKey gone in _objects.Keys.Where(key => !listed.ContainsKey(key)))
        {
            _objects.TryRemove(gone, out _);
        }

        foreach ((ObjectKey key, ObjectDocument item) in listed)
        {
            _objects[key] = item;
        }

        IsListed = true;
        view.Changed();
        try
        {
            await foreach (ClusterEvent change in cluster.WatchAsync(kind, ListQuery.All, list.Revision, cancellationToken))
            {
                Apply(change);
            }
        }
        catch (ApiException exception) when (exception.Code == Gone)
        {
            // Too slow for the watch; the loop lists again.
        }
    }

    private void Apply(ClusterEvent change)
    {
        if (change.Document is not { } document)
        {
            return;
        }

        if (change.Type == ClusterEventType.Deleted)
        {
            _objects.TryRemove(document.Key, out _);
        }
        else
        {
            _objects[document.Key] = document;
        }

        view.Changed();
    }
}
