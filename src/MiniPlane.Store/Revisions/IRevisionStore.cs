using MiniPlane.Objects.Documents;

namespace MiniPlane.Store.Revisions;

/// <summary>
/// Documents under keys, one int64 revision for the whole store, compare-and-swap, history for watchers.
/// Reads are served from memory and never wait; a write's task completes only when the write is durable and visible to readers
/// and watchers, in revision order.
/// </summary>
public interface IRevisionStore : IAsyncDisposable
{
    /// <summary>The revision of the newest visible write; 1 in a new store.</summary>
    long Revision { get; }

    /// <summary>The names of the collections that hold, or held since start, a document.</summary>
    IReadOnlyCollection<string> Collections { get; }

    /// <summary>The newest document under a key, or null.</summary>
    ObjectDocument? Find(StoreKey key);

    /// <summary>A consistent view of one collection now. An unknown collection is empty.</summary>
    CollectionSnapshot Read(string collection);

    /// <summary>A consistent view of everything now, as a snapshot needs it.</summary>
    StoreImage ReadAll();

    /// <summary>Commits one change, or says why not. Throws only when cancelled before it was queued or when the store is closed.</summary>
    ValueTask<WriteOutcome> WriteAsync(StoreWrite write, CancellationToken cancellationToken);

    /// <summary>
    /// Events of one collection (of one namespace if given) with a revision above <paramref name="afterRevision"/>, without a gap.
    /// Throws <see cref="WatchExpiredException"/> if those events are no longer kept, and for a revision that is yet to come.
    /// </summary>
    /// <param name="collection">The collection to watch.</param>
    /// <param name="ns">Only this namespace.</param>
    /// <param name="topic">Only changes of documents that have, or had, this value. Those before the subscription come all.</param>
    /// <param name="afterRevision">The revision that the caller knows.</param>
    IStoreWatch Watch(string collection, string? ns, StoreTopic? topic, long afterRevision);

    /// <summary>The same for everything in the collection, or the namespace.</summary>
    IStoreWatch Watch(string collection, string? ns, long afterRevision) => Watch(collection, ns, null, afterRevision);
}
