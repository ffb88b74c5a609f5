using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Store.Revisions;
using MiniPlane.Store.Sequencing;

namespace MiniPlane.Store.Sqlite;

/// <summary>The statements of the write path, prepared once per connection.</summary>
internal sealed class SqliteStatements : IDisposable
{
    private readonly SqliteCommand _put;
    private readonly SqliteCommand _remove;
    private readonly SqliteCommand _log;
    private readonly SqliteCommand _meta;
    private readonly SqliteCommand _forget;

    public SqliteStatements(SqliteConnection connection)
    {
        _put = Prepare(
            connection,
            """
            INSERT INTO object (collection, namespace, name, revision, value) VALUES ($collection, $namespace, $name, $revision, $value)
            ON CONFLICT (collection, namespace, name) DO UPDATE SET revision = excluded.revision, value = excluded.value
            """,
            ("$collection", SqliteType.Text),
            ("$namespace", SqliteType.Text),
            ("$name", SqliteType.Text),
            ("$revision", SqliteType.Integer),
            ("$value", SqliteType.Blob));
        _remove = Prepare(
            connection,
            "DELETE FROM object WHERE collection = $collection AND namespace = $namespace AND name = $name",
            ("$collection", SqliteType.Text),
            ("$namespace", SqliteType.Text),
            ("$name", SqliteType.Text));
        _log = Prepare(
            connection,
            "INSERT INTO change VALUES ($revision, $collection, $namespace, $name, $previousRevision, $previous, $final)",
            ("$revision", SqliteType.Integer),
            ("$collection", SqliteType.Text),
            ("$namespace", SqliteType.Text),
            ("$name", SqliteType.Text),
            ("$previousRevision", SqliteType.Integer),
            ("$previous", SqliteType.Blob),
            ("$final", SqliteType.Blob));
        _meta = Prepare(
            connection,
            "UPDATE meta SET value = $value WHERE name = $name",
            ("$value", SqliteType.Integer),
            ("$name", SqliteType.Text));
        _forget = Prepare(connection, "DELETE FROM change WHERE revision <= $floor", ("$floor", SqliteType.Integer));
    }

    /// <summary>Runs the statements in this transaction from now on.</summary>
    public void Join(SqliteTransaction transaction)
    {
        _put.Transaction = transaction;
        _remove.Transaction = transaction;
        _log.Transaction = transaction;
        _meta.Transaction = transaction;
        _forget.Transaction = transaction;
    }

    public void Write(in CommittedChange change)
    {
        StoreEvent written = change.Event;
        bool isDelete = written.Type == ClusterEventType.Deleted;
        object final = isDelete ? Bytes(written.Document) : DBNull.Value;
        object previous = written.Previous is { } replaced ? Bytes(replaced) : DBNull.Value;
        StoreKey key = change.Key;
        Run(
            _log,
            written.Revision,
            key.Collection,
            key.Object.Namespace,
            key.Object.Name,
            written.Previous?.Revision ?? 0L,
            previous,
            final);
        if (isDelete)
        {
            Run(_remove, key.Collection, key.Object.Namespace, key.Object.Name);
        }
        else
        {
            Run(_put, key.Collection, key.Object.Namespace, key.Object.Name, written.Revision, Bytes(written.Document));
        }
    }

    public void SetMeta(string name, long value) => Run(_meta, value, name);

    public void Forget(long floor) => Run(_forget, floor);

    public void Dispose()
    {
        _put.Dispose();
        _remove.Dispose();
        _log.Dispose();
        _meta.Dispose();
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
