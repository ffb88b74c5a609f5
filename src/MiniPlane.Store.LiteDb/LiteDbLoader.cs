using System.Globalization;
using LiteDB;
using MiniPlane.Objects.Documents;
using MiniPlane.Store.Integrity;
using MiniPlane.Store.Revisions;
using MiniPlane.Store.Sequencing;

namespace MiniPlane.Store.LiteDb;

/// <summary>Reads and checks the whole file, once, at start.</summary>
internal static class LiteDbLoader
{
    /// <summary>
    /// There is no log of changes in the file (it would cost a third of the write rate): a watch from before the start lists again.
    /// </summary>
    public static JournalImage Load(LiteDbFiles files, LiteDbMark mark)
    {
        var digest = default(StoreDigest);
        var entries = new Dictionary<string, List<KeyValuePair<ObjectKey, ObjectDocument>>>(StringComparer.Ordinal);
        foreach (BsonDocument row in files.Rows())
        {
            (StoreKey key, ObjectDocument document, uint sum) = LiteDbRow.Read(row);
            digest = digest.With(sum, document.Revision);
            if (!entries.TryGetValue(key.Collection, out List<KeyValuePair<ObjectKey, ObjectDocument>>? list))
            {
                entries[key.Collection] = list = [];
            }

            list.Add(new(key.Object, document));
        }

        if (digest != mark.Digest)
        {
            throw new DamagedDataException(string.Create(
                CultureInfo.InvariantCulture,
                $"it holds {digest.Count} objects that are not the {mark.Digest.Count} it should hold; parts of it are missing or old."));
        }

        var collections = new Dictionary<string, DocumentMap>(StringComparer.Ordinal);
        foreach ((string collection, List<KeyValuePair<ObjectKey, ObjectDocument>> list) in entries)
        {
            list.Sort((a, b) => DocumentMap.Compare(a.Key, b.Key));
            collections[collection] = DocumentMap.FromSorted(list);
        }

        return new JournalImage { Revision = mark.Revision, Floor = mark.Revision, Collections = collections, Changes = [] };
    }
}
