using LiteDB;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Store.Integrity;
using MiniPlane.Store.Revisions;
using MiniPlane.Store.Sequencing;

namespace MiniPlane.Store.LiteDb;

/// <summary>Keeps the store in a LiteDB file. A commit returns only after the log was synced, twice.</summary>
internal sealed class LiteDbJournal(string path, long maxFileBytes, string restoreCommand, FileTrace? trace) : IJournal
{
    private const int SeedRowsAtOnce = 250;

    // A file of this size that is mostly free pages is written anew at start.
    private const long CompactFromBytes = 64 * 1024 * 1024;
    private const int CompactFromShare = 4;

    private LiteDbFiles? _files;
    private LiteDbMark _mark = LiteDbMark.OfNew;
    private IReadOnlyList<CommittedChange> _undecided = [];

    public JournalImage Load()
    {
        try
        {
            PrepareDirectory();
            _files = LiteDbFiles.Open(path, maxFileBytes, trace);
            _mark = _files.ReadMark();
            JournalImage image = LiteDbLoader.Load(_files, _mark);
            TidyUp(image);
            return image;
        }
#pragma warning disable CA1031 // A damaged page makes LiteDB throw anything; all of it means that the file cannot be used.
        catch (Exception exception) when (exception is not (OutOfMemoryException or StoreUnusableException))
#pragma warning restore CA1031
        {
            throw LiteDbRefusal.ExplainOpen(path, exception, restoreCommand);
        }
    }

    public void Append(IReadOnlyList<CommittedChange> batch, long floor)
    {
        StoreDigest digest = _mark.Digest;
        var rows = new Dictionary<string, BsonDocument?>(StringComparer.Ordinal);
        foreach (CommittedChange change in batch)
        {
            StoreEvent written = change.Event;
            if (written.Previous is { } replaced)
            {
                digest = digest.Without(LiteDbRow.Sum(change.Key, replaced), replaced.Revision);
            }

            bool isDelete = written.Type == ClusterEventType.Deleted;
            rows[LiteDbRow.Id(change.Key)] = isDelete ? null : LiteDbRow.Of(change.Key, written.Document);
            digest = isDelete ? digest : digest.With(LiteDbRow.Sum(change.Key, written.Document), written.Revision);
        }

        var mark = new LiteDbMark { Revision = batch[^1].Event.Revision, Digest = digest };
        _files ??= Reopen();
        _undecided = batch;
        Write(rows, mark);
        _undecided = [];
        if (_files.IsCheckpointDue)
        {
            TryCheckpoint();
        }
    }

    public void Seed(IReadOnlyList<KeyValuePair<StoreKey, ObjectDocument>> documents, long revision)
    {
        StoreDigest digest = _mark.Digest;
        foreach (KeyValuePair<StoreKey, ObjectDocument>[] chunk in documents.Chunk(SeedRowsAtOnce))
        {
            digest = chunk.Aggregate(digest, (sum, one) => sum.With(LiteDbRow.Sum(one.Key, one.Value), one.Value.Revision));

            // Until the last chunk the file says that it holds nothing, so half of it is never taken for all.
            Write(chunk.ToDictionary(one => LiteDbRow.Id(one.Key), BsonDocument? (one) => LiteDbRow.Of(one.Key, one.Value), StringComparer.Ordinal), _mark);
        }

        Write([], new LiteDbMark { Revision = revision, Digest = digest });
    }

    public bool Rest(long floor)
    {
        if (_files is { HasLog: true } && TryCheckpoint() is { } failure)
        {
            throw new JournalRefusedException(LiteDbRefusal.ExplainWrite(failure), failure);
        }

        return false;
    }

    public void Dispose()
    {
        if (_files is { HasLog: true })
        {
            _ = TryCheckpoint();
        }

        Disconnect();
    }

    private void PrepareDirectory()
    {
        const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } directory)
        {
            Directory.CreateDirectory(directory, OwnerOnly);
        }
    }

    /// <summary>The file was read and is sound: its log goes into it, what the engine read is forgotten, a file of free pages shrinks.</summary>
    private void TidyUp(JournalImage image)
    {
        bool isTidy = TryCheckpoint() is null;
        long live = image.Collections.Values.SelectMany(documents => documents.Range(null, null)).Sum(document => (long)document.Utf8.Length);
        if (isTidy && _files is { HasLog: false } files && files.DataBytes > Math.Max(CompactFromBytes, live * CompactFromShare))
        {
            Disconnect();
            TryCompact(image);
        }

        if (_files is { } kept)
        {
            kept.Renew();
        }
        else
        {
            _files = LiteDbFiles.Open(path, maxFileBytes, trace);
        }
    }

    private void TryCompact(JournalImage image)
    {
        try
        {
            LiteDbFiles.Replace(path, trace, files =>
            {
                foreach ((string collection, DocumentMap documents) in image.Collections)
                {
                    foreach (KeyValuePair<ObjectKey, ObjectDocument>[] chunk in documents.Entries().Chunk(SeedRowsAtOnce))
                    {
                        files.Write([.. chunk.Select(one => LiteDbRow.Of(new StoreKey(collection, one.Key), one.Value))], [], _mark);
                    }
                }

                files.Write([], [], _mark);
            });
        }
        catch (IOException exception) when (LiteDbRefusal.IsFull(exception))
        {
            // The large file is as good as before.
            return;
        }
    }

    private void Write(Dictionary<string, BsonDocument?> rows, LiteDbMark mark)
    {
        try
        {
            LiteDbFiles files = _files ?? throw new InvalidOperationException("The journal is not loaded.");
            files.Write([.. rows.Values.OfType<BsonDocument>()], [.. rows.Where(row => row.Value is null).Select(row => row.Key)], mark);
            _mark = mark;
        }
#pragma warning disable CA1031 // Whatever it was, the engine is of no use any more, and only a fresh look at the file tells what it holds.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Disconnect();
            throw new JournalRefusedException(LiteDbRefusal.ExplainWrite(exception), exception);
        }
    }

    /// <summary>What stopped the checkpoint, after which the engine is of no use; null when it was done. The log keeps everything.</summary>
    private Exception? TryCheckpoint()
    {
        try
        {
            _files?.Checkpoint();
            return null;
        }
#pragma warning disable CA1031 // As above; nothing is lost, for the log is whole.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Disconnect();
            return exception;
        }
    }

    /// <summary>After an error the last batch may be in the file although its callers were told it was refused; it is taken back.</summary>
    private LiteDbFiles Reopen()
    {
        LiteDbFiles? files = null;
        try
        {
            files = LiteDbFiles.Open(path, maxFileBytes, trace);
            LiteDbMark found = files.ReadMark();
            if (found.Revision != _mark.Revision)
            {
                TakeBack(files, found);
            }

            _undecided = [];
            return files;
        }
#pragma warning disable CA1031 // As above.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            files?.Dispose();
            throw new JournalRefusedException(LiteDbRefusal.ExplainWrite(exception), exception);
        }
    }

    private void TakeBack(LiteDbFiles files, LiteDbMark found)
    {
        if (_undecided.Count == 0 || found.Revision != _undecided[^1].Event.Revision)
        {
            throw new DamagedDataException("it is not the file it was.");
        }

        var before = new Dictionary<string, BsonDocument?>(StringComparer.Ordinal);
        foreach (CommittedChange change in _undecided)
        {
            before.TryAdd(
                LiteDbRow.Id(change.Key), change.Event.Previous is { } previous ? LiteDbRow.Of(change.Key, previous) : null);
        }

        files.Write([.. before.Values.OfType<BsonDocument>()], [.. before.Where(row => row.Value is null).Select(row => row.Key)], _mark);
    }

    private void Disconnect()
    {
        _files?.Dispose();
        _files = null;
    }
}
