using System.Collections.Immutable;
using MiniPlane.Objects.Documents;
using MiniPlane.Store.Revisions;

namespace MiniPlane.Store.Sequencing;

/// <summary>The whole store at one revision; immutable. Readers take the newest by reference, without a lock.</summary>
internal sealed class StoreState
{
    private readonly ImmutableDictionary<string, DocumentMap> _collections;

    private StoreState(long revision, ImmutableDictionary<string, DocumentMap> collections, ImmutableArray<string> names)
    {
        Revision = revision;
        _collections = collections;
        Names = names;
    }

    public long Revision { get; }

    public ImmutableArray<string> Names { get; }

    public static StoreState From(JournalImage image) => new(
        image.Revision,
        image.Collections.ToImmutableDictionary(StringComparer.Ordinal),
        [.. image.Collections.Keys]);

    public ObjectDocument? Find(in StoreKey key) =>
        _collections.TryGetValue(key.Collection, out DocumentMap? documents) ? documents.Find(key.Object) : null;

    public DocumentSnapshot Read(string collection) =>
        new(Revision, _collections.GetValueOrDefault(collection, DocumentMap.Empty));

    /// <summary>The state with some collections changed.</summary>
    public StoreState With(long revision, IReadOnlyDictionary<string, DocumentMap> changed)
    {
        ImmutableArray<string> names = Names;
        foreach (string collection in changed.Keys)
        {
            if (!_collections.ContainsKey(collection))
            {
                names = names.Add(collection);
            }
        }

        return new StoreState(revision, _collections.SetItems(changed), names);
    }

    public DocumentMap Documents(string collection) => _collections.GetValueOrDefault(collection, DocumentMap.Empty);
}
