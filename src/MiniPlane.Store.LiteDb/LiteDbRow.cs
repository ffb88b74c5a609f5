using LiteDB;
using MiniPlane.Objects.Documents;
using MiniPlane.Store.Integrity;
using MiniPlane.Store.Revisions;

namespace MiniPlane.Store.LiteDb;

/// <summary>
/// How a document lies in the file: its bytes as they are, since LiteDB's own documents do not tell names apart that differ only in
/// case, with a checksum over key, revision and bytes.
/// </summary>
internal static class LiteDbRow
{
    // No name of Kubernetes can hold it.
    private const char Separator = '\u001f';

    public static string Id(in StoreKey key) => string.Join(Separator, key.Collection, key.Object.Namespace, key.Object.Name);

    public static uint Sum(in StoreKey key, ObjectDocument document) => DocumentChecksum.Of(key, document.Revision, document.Utf8.Span);

    public static BsonDocument Of(in StoreKey key, ObjectDocument document) => new()
    {
        ["_id"] = Id(key),
        ["r"] = document.Revision,
        ["h"] = (long)Sum(key, document),
        ["j"] = document.Utf8.ToArray(),
    };

    /// <summary>Throws <see cref="DamagedDataException"/> if the row is not what was written.</summary>
    public static (StoreKey Key, ObjectDocument Document, uint Sum) Read(BsonDocument row)
    {
        if (!row["_id"].IsString || !row["r"].IsInt64 || !row["h"].IsInt64 || !row["j"].IsBinary
            || row["_id"].AsString.Split(Separator) is not [string collection, string ns, string name])
        {
            throw new DamagedDataException("it holds something that is not an object of a cluster.");
        }

        // Collections and namespaces are few and repeat: one string each is enough.
        var key = new StoreKey(string.Intern(collection), new ObjectKey(string.Intern(ns), name));
        var document = new ObjectDocument(row["j"].AsBinary, row["r"].AsInt64);
        uint sum = Sum(key, document);
        return sum == row["h"].AsInt64
            ? (key, document, sum)
            : throw new DamagedDataException($"the content of {collection} {ns}/{name} does not fit its checksum.");
    }
}
