using Microsoft.Data.Sqlite;
using MiniPlane.Store.Sequencing;

namespace MiniPlane.Store.Sqlite;

/// <summary>Keeps the store in one SQLite file. A commit returns only after the WAL was synced.</summary>
internal sealed class SqliteJournal(string path, long maxFileBytes) : IJournal
{
    private SqliteConnection? _connection;
    private SqliteStatements? _statements;
    private long _revision;

    public JournalImage Load()
    {
        try
        {
            SqliteConnection connection = Connect();
            SqliteSchema.Prepare(connection);
            JournalImage image = SqliteLoader.Load(connection);
            _revision = image.Revision;
            return image;
        }
        catch (Exception exception)
            when (exception is SqliteException or InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw SqliteFile.ExplainOpen(path, exception);
        }
    }

    public void Append(IReadOnlyList<CommittedChange> batch) => Transact(statements =>
    {
        foreach (CommittedChange change in batch)
        {
            statements.Write(change);
        }

        long revision = batch[^1].Event.Revision;
        statements.SetMeta("revision", revision);
        return revision;
    });

    public void Compact(long floor) => Transact(statements =>
    {
        statements.Forget(floor);
        statements.SetMeta("floor", floor);
        return _revision;
    });

    public void Dispose() => Disconnect();

    private void Transact(Func<SqliteStatements, long> work)
    {
        try
        {
            SqliteConnection connection = _connection ?? Reconnect();
            SqliteStatements statements = _statements ??= new SqliteStatements(connection);
            using SqliteTransaction transaction = connection.BeginTransaction();
            statements.Join(transaction);
            long revision = work(statements);
            transaction.Commit();
            _revision = revision;
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
            SqliteRewind.To(connection, _revision);
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
