using Microsoft.Data.Sqlite;
using MiniPlane.Objects.Documents;
using MiniPlane.Store.Integrity;
using MiniPlane.Store.Revisions;
using MiniPlane.Store.Sequencing;

namespace MiniPlane.Store.Sqlite;

/// <summary>Keeps the store in one SQLite file. A commit returns only after the WAL was synced.</summary>
internal sealed class SqliteJournal(string path, long maxFileBytes, string restoreCommand) : IJournal
{
    private SqliteConnection? _connection;
    private SqliteStatements? _statements;

    /// <summary>Of the last batch that was acknowledged.</summary>
    public SqliteMark Mark { get; private set; } = new() { Revision = 1, Floor = 0, Digest = default };

    public JournalImage Load()
    {
        try
        {
            SqliteWalCheck.Check(path + "-wal");
            SqliteConnection connection = Connect();
            SqliteSchema.Prepare(connection);
            Mark = SqliteMark.Read(connection);
            return SqliteLoader.Load(connection, Mark);
        }
        catch (Exception exception)
            when (exception is SqliteException or DamagedDataException or InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw SqliteFile.ExplainOpen(path, exception, restoreCommand);
        }
    }

    public void Append(IReadOnlyList<CommittedChange> batch, long floor) => Transact(statements =>
    {
        StoreDigest digest = Mark.Digest;
        foreach (CommittedChange change in batch)
        {
            digest = statements.Write(change, digest);
        }

        if (floor > Mark.Floor)
        {
            statements.Forget(floor);
        }

        var mark = new SqliteMark { Revision = batch[^1].Event.Revision, Floor = Math.Max(floor, Mark.Floor), Digest = digest };
        statements.SetMark(mark);
        return mark;
    });

    public void Seed(IReadOnlyList<KeyValuePair<StoreKey, ObjectDocument>> documents, long revision) => Transact(statements =>
    {
        StoreDigest digest = Mark.Digest;
        foreach ((StoreKey key, ObjectDocument document) in documents)
        {
            digest = statements.Put(key, document, digest);
        }

        var mark = new SqliteMark { Revision = revision, Floor = revision, Digest = digest };
        statements.SetMark(mark);
        return mark;
    });

    public bool Rest(long floor)
    {
        if (floor > Mark.Floor)
        {
            Transact(statements =>
            {
                statements.Forget(floor);
                SqliteMark mark = Mark with { Floor = floor };
                statements.SetMark(mark);
                return mark;
            });
        }

        try
        {
            return _connection is { } connection && SqliteRoom.GiveBack(connection);
        }
        catch (SqliteException exception)
        {
            throw new JournalRefusedException(SqliteFile.ExplainWrite(exception), exception);
        }
    }

    public void Dispose() => Disconnect();

    private void Transact(Func<SqliteStatements, SqliteMark> work)
    {
        try
        {
            SqliteConnection connection = _connection ?? Reconnect();
            SqliteStatements statements = _statements ??= new SqliteStatements(connection);
            using SqliteTransaction transaction = connection.BeginTransaction();
            statements.Join(transaction);
            SqliteMark mark = work(statements);
            transaction.Commit();
            Mark = mark;
        }
        catch (SqliteException exception)
        {
            // A full disk leaves the file as it was. After any other error only a fresh look at the file tells what it holds.
            if (!SqliteFile.IsFull(exception))
            {
                Disconnect();
            }

            throw new JournalRefusedException(SqliteFile.ExplainWrite(exception), exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            Disconnect();
            throw new JournalRefusedException("the cluster's data could not be written", exception);
        }
    }

    private SqliteConnection Connect()
    {
        _connection = SqliteFile.Open(path, maxFileBytes);
        return _connection;
    }

    /// <summary>
    /// After an error the last batch may be in the file although its callers were told it was refused; the undo log takes it back.
    /// </summary>
    private SqliteConnection Reconnect()
    {
        SqliteConnection connection = Connect();
        try
        {
            SqliteRewind.To(connection, Mark);
            return connection;
        }
        catch
        {
            Disconnect();
            throw;
        }
    }

    private void Disconnect()
    {
        _statements?.Dispose();
        _statements = null;
        _connection?.Dispose();
        _connection = null;
    }
}
