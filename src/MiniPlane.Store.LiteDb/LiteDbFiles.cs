using LiteDB;
using LiteDB.Engine;
using MiniPlane.Store.Integrity;

namespace MiniPlane.Store.LiteDb;

/// <summary>
/// A data file, its log, and LiteDB's engine on both, used the only way that is safe: one thread for every call, one transaction at a
/// time, checkpoints when we say so and only of a log that was synced (its own would copy from one that was not).
/// </summary>
internal sealed class LiteDbFiles : IDisposable
{
    private const string Objects = "cur";
    private const string Meta = "meta";
    private const int RowsAtOnce = 1000;

    // 64 MiB: what the log may grow to under load, and what a checkpoint copies at most.
    private const long CheckpointBytes = 8000L * LogStream.PageBytes;

    private readonly DurableStream _data;
    private readonly LogStream _log;
    private LiteEngine _engine;

    private LiteDbFiles(DurableStream data, LogStream log)
    {
        _data = data;
        _log = log;
        _engine = Engine();
    }

    public long DataBytes => _data.Length;

    public bool HasLog => _log.Length > 0;

    public bool IsCheckpointDue => _log.Length >= CheckpointBytes;

    public static string LogPath(string path) => Path.Combine(
        Path.GetDirectoryName(path) ?? "", Path.GetFileNameWithoutExtension(path) + "-log" + Path.GetExtension(path));

    /// <summary>Opens the pair; makes it when the data file is not there. An unfinished transaction is dropped, as nobody was told of it.</summary>
    public static LiteDbFiles Open(string path, long maxBytes, FileTrace? trace)
    {
        if (!File.Exists(path))
        {
            if (File.Exists(LogPath(path)))
            {
                throw new DamagedDataException("only its log is there.");
            }

            Replace(path, trace, static files => files.Write([], [], LiteDbMark.OfNew));
        }

        LiteDbFiles files = OpenPair(path, maxBytes, trace);
        DirectoryEntry.Sync(path);
        return files;
    }

    /// <summary>Puts a new data file, filled by the action, in the place of the one that is there, whose log must be empty; all or nothing.</summary>
    public static void Replace(string path, FileTrace? trace, Action<LiteDbFiles> fill)
    {
        string fresh = path + ".new";
        File.Delete(fresh);
        File.Delete(LogPath(fresh));
        try
        {
            using (LiteDbFiles files = OpenPair(fresh, 0, trace))
            {
                files._engine.Pragma("CHECKPOINT", 0);
                files._log.Commit();
                fill(files);
                files.Checkpoint();
            }

            File.Move(fresh, path, overwrite: true);
            DirectoryEntry.Sync(path);
            trace?.Moved(fresh, path);
        }
        finally
        {
            File.Delete(fresh);
            File.Delete(LogPath(fresh));
        }
    }

    /// <summary>
    /// Changes rows and the mark in one transaction, which is on the disk when this returns. After any exception it may be there or not,
    /// and the engine is of no use any more: dispose and open again.
    /// </summary>
    public void Write(IReadOnlyCollection<BsonDocument> rows, IReadOnlyCollection<string> removed, LiteDbMark mark)
    {
        if (!_engine.BeginTrans())
        {
            throw new InvalidOperationException("LiteDB has a transaction already.");
        }

        if (rows.Count > 0)
        {
            _engine.Upsert(Objects, rows, BsonAutoId.ObjectId);
        }

        if (removed.Count > 0)
        {
            _engine.Delete(Objects, removed.Select(id => new BsonValue(id)));
        }

        _engine.Upsert(Meta, [mark.ToBson()], BsonAutoId.ObjectId);

        // Where an error made the engine roll back by itself, it answers false and throws nothing.
        if (!_engine.Commit())
        {
            throw new InvalidOperationException("LiteDB did not commit.");
        }

        _log.Commit();
    }

    public LiteDbMark ReadMark()
    {
        using IBsonDataReader reader = _engine.Query(Meta, new Query());
        BsonDocument? found = reader.Read() ? reader.Current.AsDocument : null;
        if (found is not null && found["schema"].IsNumber && found["schema"].AsInt64 > LiteDbMark.Schema)
        {
            throw new InvalidDataException(
                $"it was written by a newer MiniPlane (schema {found["schema"].AsInt64}; this one knows {LiteDbMark.Schema}). Use that version or a newer one.");
        }

        return LiteDbMark.From(found);
    }

    /// <summary>All rows, in ranges: what one query touches stays in memory until it ends.</summary>
    public IEnumerable<BsonDocument> Rows()
    {
        BsonValue last = BsonValue.MinValue;
        int count;
        do
        {
            count = 0;
            var query = new Query { Limit = RowsAtOnce };
            query.Where.Add(BsonExpression.Create("_id > @0", last));
            using IBsonDataReader reader = _engine.Query(Objects, query);
            while (reader.Read())
            {
                BsonDocument row = reader.Current.AsDocument;
                last = row["_id"];
                count++;
                yield return row;
            }
        }
        while (count == RowsAtOnce);
    }

    /// <summary>Copies the log into the data file and empties it. The log was synced, so a power cut in between costs nothing.</summary>
    public void Checkpoint()
    {
        if (HasLog)
        {
            _engine.Checkpoint();
        }
    }

    /// <summary>A new engine on the same files: the old one keeps all that it read in memory.</summary>
    public void Renew()
    {
        _engine.Dispose();
        _engine = Engine();
    }

    public void Dispose()
    {
        _engine.Dispose();
        _data.Dispose();
        _log.Dispose();
    }

    private static LiteDbFiles OpenPair(string path, long maxBytes, FileTrace? trace)
    {
        DurableStream? data = null;
        LogStream? log = null;
        try
        {
            data = new DurableStream(path, maxBytes, trace);
            log = new LogStream(LogPath(path), maxBytes, trace);
            log.CutToWholeTransactions();
            return new LiteDbFiles(data, log);
        }
        catch
        {
            data?.Dispose();
            log?.Dispose();
            throw;
        }
    }

    private LiteEngine Engine() => new(new EngineSettings { DataStream = _data, LogStream = _log, Collation = Collation.Binary });
}
