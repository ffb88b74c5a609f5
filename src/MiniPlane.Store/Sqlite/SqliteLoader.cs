using System.Globalization;
using Microsoft.Data.Sqlite;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Store.Integrity;
using MiniPlane.Store.Revisions;
using MiniPlane.Store.Sequencing;

namespace MiniPlane.Store.Sqlite;

/// <summary>Reads the whole file into memory, once, at start.</summary>
internal static class SqliteLoader
{
    public static JournalImage Load(SqliteConnection connection, SqliteMark mark)
    {
        Dictionary<string, DocumentMap> collections = LoadDocuments(connection, mark);
        return new JournalImage
        {
            Revision = mark.Revision,
            Floor = mark.Floor,
            Collections = collections,
            Changes = LoadChanges(connection, collections),
        };
    }

    /// <summary>The checksum of a row of the change log.</summary>
    public static uint ChangeSum(in StoreKey key, long revision, ReadOnlySpan<byte> previous, ReadOnlySpan<byte> final) =>
        DocumentChecksum.And(DocumentChecksum.Of(key, revision, previous), final);

    /// <summary>Collections and namespaces are few and repeat: one string each is enough.</summary>
    public static StoreKey ReadKey(SqliteDataReader reader, int column) => new(
        string.Intern(reader.GetString(column)),
        new ObjectKey(string.Intern(reader.GetString(column + 1)), reader.GetString(column + 2)));

    private static Dictionary<string, DocumentMap> LoadDocuments(SqliteConnection connection, SqliteMark mark)
    {
        var digest = default(StoreDigest);
        var entries = new Dictionary<string, List<KeyValuePair<ObjectKey, ObjectDocument>>>(StringComparer.Ordinal);
        using SqliteCommand command = SqliteFile.Command(
            connection, "SELECT collection, namespace, name, revision, value, sum FROM object");
        using SqliteDataReader reader = command.ExecuteReader();
        while (reader.Read())
        {
            StoreKey key = ReadKey(reader, 0);
            if (!entries.TryGetValue(key.Collection, out List<KeyValuePair<ObjectKey, ObjectDocument>>? list))
            {
                entries[key.Collection] = list = [];
            }

            long revision = reader.GetInt64(3);
            byte[] value = reader.GetFieldValue<byte[]>(4);
            uint sum = DocumentChecksum.Of(key, revision, value);
            Check(sum, reader.GetInt64(5), key);
            digest = digest.With(sum, revision);
            var document = new ObjectDocument(value, revision);

            // Whoever follows a collection asks for it at once, several at a time; now the bytes are at hand.
            _ = document.Metadata;
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

        return collections;
    }

    /// <summary>Walks back from the present: what a row replaced is what the older rows of the same key had made.</summary>
    private static List<CommittedChange> LoadChanges(
        SqliteConnection connection, Dictionary<string, DocumentMap> collections)
    {
        var changes = new List<CommittedChange>();
        var made = new Dictionary<StoreKey, ObjectDocument?>();
        using SqliteCommand command = SqliteFile.Command(
            connection,
            """
            SELECT collection, namespace, name, revision, previous_revision, previous, final, sum FROM change ORDER BY revision DESC
            """);
        using SqliteDataReader reader = command.ExecuteReader();
        while (reader.Read())
        {
            StoreKey key = ReadKey(reader, 0);
            long revision = reader.GetInt64(3);
            bool isDelete = !reader.IsDBNull(6);
            byte[]? replaced = reader.IsDBNull(5) ? null : reader.GetFieldValue<byte[]>(5);
            byte[]? final = isDelete ? reader.GetFieldValue<byte[]>(6) : null;
            Check(ChangeSum(key, revision, replaced, final), reader.GetInt64(7), key);
            ObjectDocument? previous = replaced is null ? null : new ObjectDocument(replaced, reader.GetInt64(4));
            ObjectDocument? document = final is not null
                ? new ObjectDocument(final, revision)
                : made.TryGetValue(key, out ObjectDocument? later) ? later : Current(collections, key);
            if (document is null || document.Revision != revision)
            {
                throw new DamagedDataException("its log of changes does not fit its documents.");
            }

            made[key] = previous;
            ClusterEventType type = isDelete ? ClusterEventType.Deleted
                : previous is null ? ClusterEventType.Added
                : ClusterEventType.Modified;
            changes.Add(new CommittedChange(key, new StoreEvent(type, document, previous)));
        }

        changes.Reverse();
        return changes;
    }

    private static void Check(uint sum, long written, in StoreKey key)
    {
        if (sum != written)
        {
            throw new DamagedDataException(
                $"the content of {key.Collection} {key.Object.Namespace}/{key.Object.Name} does not fit its checksum.");
        }
    }

    private static ObjectDocument? Current(Dictionary<string, DocumentMap> collections, in StoreKey key) =>
        collections.TryGetValue(key.Collection, out DocumentMap? documents) ? documents.Find(key.Object) : null;
}
