using MiniPlane.ApiServer.Selection;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Store.Revisions;

namespace MiniPlane.ApiServer.Watching;

/// <summary>
/// What a change means to a watcher with a selector: an object that begins to match is ADDED, one that no longer matches is
/// DELETED, with its last matching content (k8s.io/apiserver/pkg/storage/cacher).
/// </summary>
internal static class Transitions
{
    /// <summary>The event's type for this watcher, or null when it does not concern it.</summary>
    public static ClusterEventType? Classify(StoreEvent change, ObjectFilter filter)
    {
        if (filter.IsEverything)
        {
            return change.Type;
        }

        bool did = change.Previous is { } previous && filter.Matches(previous);
        bool does = change.Type != ClusterEventType.Deleted && filter.Matches(change.Document);
        return (did, does) switch
        {
            (true, true) => ClusterEventType.Modified,
            (false, true) => ClusterEventType.Added,
            (true, false) => ClusterEventType.Deleted,
            _ => null,
        };
    }

    /// <summary>The document to send: for one that left the selection its last matching content at the event's revision.</summary>
    public static ObjectDocument Document(StoreEvent change, ClusterEventType type) =>
        type == ClusterEventType.Deleted && change.Type != ClusterEventType.Deleted && change.Previous is { } previous
            ? DraftDocument.From(previous).Stamp(change.Revision)
            : change.Document;
}
