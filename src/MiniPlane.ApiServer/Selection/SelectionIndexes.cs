using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Loops;
using MiniPlane.Store.Revisions;

namespace MiniPlane.ApiServer.Selection;

/// <summary>Finds what matches a selector without looking at what does not; keeps the indexes for it near the present.</summary>
internal sealed class SelectionIndexes(IRevisionStore store, ILogger<SelectionIndexes> logger, TimeProvider time)
    : BackgroundLoop(logger, time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<string, CollectionIndex> _collections = new(StringComparer.Ordinal);

    /// <summary>What matches, in order: of one namespace if given, after a key if given.</summary>
    public IEnumerable<ObjectDocument> Matching(
        string collection, CollectionSnapshot snapshot, ObjectFilter filter, string? ns, ObjectKey? after)
    {
        // A selector for one name in one namespace needs no walk through the others.
        if (filter.SingleName is { } name && ns is not null && after is null)
        {
            return snapshot.Find(new ObjectKey(ns, name)) is { } one && filter.Matches(one) ? [one] : [];
        }

        if (filter.IsEverything)
        {
            return snapshot.Range(ns, after);
        }

        ObjectDocument[]? candidates = filter.Terms.Count == 0
            ? null
            : _collections.GetOrAdd(collection, static (_, clock) => new CollectionIndex(clock), Time)
                .Candidates(snapshot, filter.Terms, snapshot.CountOf(ns, after));
        return candidates is null ? snapshot.Range(ns, after).Where(filter.Matches) : Among(candidates, filter, ns, after);
    }

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(Interval, Time, cancellationToken);
            foreach ((string collection, CollectionIndex index) in _collections)
            {
                index.Refresh(store.Read(collection));
            }
        }
    }

    private static IEnumerable<ObjectDocument> Among(ObjectDocument[] candidates, ObjectFilter filter, string? ns, ObjectKey? after)
    {
        foreach (ObjectDocument document in candidates)
        {
            bool isInRange = (ns is null || document.Metadata.Namespace == ns)
                && (after is not { } last || Posting.Compare(document.Key, last) > 0);
            if (isInRange && filter.Matches(document))
            {
                yield return document;
            }
        }
    }
}
