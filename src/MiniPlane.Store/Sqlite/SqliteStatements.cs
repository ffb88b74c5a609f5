using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Store.Integrity;
using MiniPlane.Store.Revisions;
using MiniPlane.Store.Sequencing;

namespace MiniPlane.Store.Sqlite;

/// <summary>The statements of the write path, prepared once per connection.</summary>
internal sealed class SqliteStatements : IDisposable
{
    private readonly SqliteCommand _put;
    private readonly SqliteCommand _remove;
    private readonly SqliteCommand _log;
    private readonly SqliteCommand _mark;
    private readonly SqliteCommand _forget;

    public SqliteStatements(SqliteConnection connection)
    {
        _put = Prepare(
            connection,
            """
            INSERT INTO object (collection, namespace, name, revision, value, sum)
            VALUES ($collection, $namespace, $name, $revision, $value, $sum)
            ON CONFLICT (collection, namespace, name)
            DO UPDATE SET revision = excluded.revision, value = excluded.value, sum = excluded.sum
            """,
            ("$collection", SqliteType.Text),
            ("$namespace", SqliteType.Text),
            ("$name", SqliteType.Text),
            ("$revision", SqliteType.Integer),
            ("$value", SqliteType.Blob),
            ("$sum", SqliteType.Integer));
        _remove = Prepare(
            connection,
            "DELETE FROM object WHERE collection = $collection AND namespace = $namespace AND name = $name",
            ("$collection", SqliteType.Text),
            ("$namespace", SqliteType.Text),
            ("$name", SqliteType.Text));
        _log = Prepare(
            connection,
            "INSERT INTO change VALUES ($revision, $collection, $namespace, $name, $previousRevision, $previous, $final, $sum)",
            ("$revision", SqliteType.Integer),
            ("$collection", SqliteType.Text),
            ("$namespace", SqliteType.Text),
            ("$name", SqliteType.Text),
            ("$previousRevision", SqliteType.Integer),
            ("$previous", SqliteType.Blob),
            ("$final", SqliteType.Blob),
            ("$sum", SqliteType.Integer));
        _mark = SqliteMark.WriteCommand(connection);
        _forget = Prepare(connection, "DELETE FROM change WHERE revision <= $floor", ("$floor", SqliteType.Integer));
    }

    /// <summary>Runs the statements in this transaction from now on.</summary>
    public void Join(SqliteTransaction transaction)
    {
        _put.Transaction = transaction;
        _remove.Transaction = transaction;
        _log.Transaction = transaction;
        _mark.Transaction = transaction;
        _forget.Transaction = transaction;
    }

    /// <summary>Writes one change; returns what all documents add up to after it.</summary>
    public StoreDigest Write(in CommittedChange change, StoreDigest digest)
    {
        StoreEvent written = change.Event;
        StoreKey key = change.Key;
        byte[]? previous = null;
        if (written.Previous is { } replaced)
        {
            previous = Bytes(replaced);
            digest = digest.Without(DocumentChecksum.Of(key, replaced.Revision, previous), replaced.Revision);
        }

        bool isDelete = written.Type == ClusterEventType.Deleted;
        byte[]? final = isDelete ? Bytes(written.Document) : null;
        Run(
            _log,
            written.Revision,
            key.Collection,
            key.Object.Namespace,
            key.Object.Name,
            written.Previous?.Revision ?? 0L,
            (object?)previous ?? DBNull.Value,
            (object?)final ?? DBNull.Value,
            (long)SqliteLoader.ChangeSum(key, written.Revision, previous, final));
        if (isDelete)
        {
            Run(_remove, key.Collection, key.Object.Namespace, key.Object.Name);
            return digest;
        }

        return Put(key, written.Document, digest);
    }

    /// <summary>Writes one document that is not there or replaces an older one; returns what all documents add up to with it.</summary>
    public StoreDigest Put(in StoreKey key, ObjectDocument document, StoreDigest digest)
    {
        byte[] value = Bytes(document);
        uint sum = DocumentChecksum.Of(key, document.Revision, value);
        Run(_put, key.Collection, key.Object.Namespace, key.Object.Name, document.Revision, value, (long)sum);
        return digest.With(sum, document.Revision);
    }

    public void SetMark(SqliteMark mark) => mark.Write(_mark);

    public void Forget(long floor) => Run(_forget, floor);

    public void Dispose()
    {
        _put.Dispose();
        _remove.Dispose();
        _log.Dispose();
        _mark.Dispose();
        _forget.Dispose();
    }

    private static void Run(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i];
        }

        command.ExecuteNonQuery();
    }

    private static SqliteCommand Prepare(
        SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, SqliteType Type)> parameters)
    {
        SqliteCommand command = SqliteFile.Command(connection, sql);
        foreach ((string name, SqliteType type) in parameters)
        {
            command.Parameters.Add(name, type);
        }

        command.Prepare();
        return command;
    }

    private static byte[] Bytes(ObjectDocument document) =>
        MemoryMarshal.TryGetArray(document.Utf8, out ArraySegment<byte> segment)
        && segment is { Offset: 0, Array: { } array } && array.Length == segment.Count
            ? array
            : document.Utf8.ToArray();
}
