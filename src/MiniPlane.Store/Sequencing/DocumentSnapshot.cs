using MiniPlane.Objects.Documents;
using MiniPlane.Store.Revisions;

namespace MiniPlane.Store.Sequencing;

/// <summary>A snapshot is a revision and a reference to a map that never changes.</summary>
internal sealed class DocumentSnapshot(long revision, DocumentMap documents) : CollectionSnapshot
{
    public override long Revision => revision;

    public override int Count => documents.Count;

    public override object Content => documents;

    public override ObjectDocument? Find(ObjectKey key) => documents.Find(key);

    public override int CountOf(string? ns, ObjectKey? after) => documents.CountOf(ns, after);

    public override IEnumerable<DocumentChange>? ChangesSince(CollectionSnapshot earlier) =>
        earlier.Content is DocumentMap before ? documents.ChangesSince(before) : null;

    public override IEnumerable<ObjectDocument> Range(string? ns, ObjectKey? after) => documents.Range(ns, after);
}
