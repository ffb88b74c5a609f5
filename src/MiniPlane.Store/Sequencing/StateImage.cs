using MiniPlane.Objects.Documents;
using MiniPlane.Store.Revisions;

namespace MiniPlane.Store.Sequencing;

/// <summary>An image is a reference to a state that never changes.</summary>
internal sealed class StateImage(StoreState state) : StoreImage
{
    public override long Revision => state.Revision;

    public override IEnumerable<KeyValuePair<StoreKey, ObjectDocument>> Documents()
    {
        foreach (string collection in state.Names)
        {
            foreach ((ObjectKey key, ObjectDocument document) in state.Documents(collection).Entries())
            {
                yield return new(new StoreKey(collection, key), document);
            }
        }
    }
}
