using Microsoft.Data.Sqlite;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Store.Revisions;
using MiniPlane.Store.Sequencing;

namespace MiniPlane.Store.Sqlite;

/// <summary>Reads the whole file into memory, once, at start.</summary>
internal static class SqliteLoader
{
    public static JournalImage Load(SqliteConnection connection)
    {
        Dictionary<string, DocumentMap> collections = LoadDocuments(connection);
        return new JournalImage
        {
            Revision = SqliteSchema.ReadMeta(connection, "revision"),
            Floor = SqliteSchema.ReadMeta(connection, "floor"),
            Collections = collections,
            Changes = LoadChanges(connection, collections),
        };
    }

    private static Dictionary<string, DocumentMap> LoadDocuments(SqliteConnection connection)
    {
        var entries = new Dictionary<string, List<KeyValuePair<ObjectKey, ObjectDocument>>>(StringComparer.Ordinal);
        using SqliteCommand command = SqliteFile.Command(
            connection, "SELECT collection, namespace, name, revision, value FROM object");
        using SqliteDataReader reader = command.ExecuteReader();
        while (reader.Read())
        {
            StoreKey key = ReadKey(reader, 0);
            if (!entries.TryGetValue(key.Collection, out List<KeyValuePair<ObjectKey, ObjectDocument>>? list))
            {
                entries[key.Collection] = list = [];
            }

            list.Add(new(key.Object, new ObjectDocument(reader.GetFieldValue<byte[]>(4), reader.GetInt64(3))));
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
            SELECT collection, namespace, name, revision, previous_revision, previous, final FROM change ORDER BY revision DESC
            """);
        using SqliteDataReader reader = command.ExecuteReader();
        while (reader.Read())
        {
            StoreKey key = ReadKey(reader, 0);
            long revision = reader.GetInt64(3);
            bool isDelete = !reader.IsDBNull(6);
            ObjectDocument? previous = reader.IsDBNull(5)
                ? null
                : new ObjectDocument(reader.GetFieldValue<byte[]>(5), reader.GetInt64(4));
            ObjectDocument? document = isDelete
                ? new ObjectDocument(reader.GetFieldValue<byte[]>(6), revision)
                : made.TryGetValue(key, out ObjectDocument? later) ? later : Current(collections, key);
            if (document is null || document.Revision != revision)
            {
                throw new InvalidDataException("its log of changes does not fit its documents; the file is damaged.");
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

    private static ObjectDocument? Current(Dictionary<string, DocumentMap> collections, in StoreKey key) =>
        collections.TryGetValue(key.Collection, out DocumentMap? documents) ? documents.Find(key.Object) : null;

    /// <summary>Collections and namespaces are few and repeat: one string each is enough.</summary>
    private static StoreKey ReadKey(SqliteDataReader reader, int column) => new(
        string.Intern(reader.GetString(column)),
        new ObjectKey(string.Intern(reader.GetString(column + 1)), reader.GetString(column + 2)));
}
