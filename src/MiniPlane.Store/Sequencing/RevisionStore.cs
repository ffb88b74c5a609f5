using System.Globalization;
using Microsoft.Extensions.Logging;
using MiniPlane.Objects.Documents;
using MiniPlane.Store.Revisions;
using MiniPlane.Store.Watching;

namespace MiniPlane.Store.Sequencing;

/// <summary>The store, whatever keeps it: reads from the newest state, writes by the sequencer, watches by the hub.</summary>
internal sealed class RevisionStore : IRevisionStore
{
    private readonly IJournal _journal;
    private readonly WatchHub _hub;
    private readonly Sequencer _sequencer;
    private int _isClosed;

    private RevisionStore(IJournal journal, WatchHub hub, Sequencer sequencer)
    {
        _journal = journal;
        _hub = hub;
        _sequencer = sequencer;
    }

    public long Revision => _sequencer.State.Revision;

    public IReadOnlyCollection<string> Collections => _sequencer.State.Names;

    /// <summary>Loads the journal and starts the sequencer. The store owns the journal, also when this throws.</summary>
    public static RevisionStore Open(IJournal journal, StoreOptions options, ILoggerFactory loggers)
    {
        try
        {
            JournalImage image = journal.Load();
            var hub = new WatchHub(image, options, loggers.CreateLogger<WatchHub>());
            var sequencer = new Sequencer(journal, image, hub, options, loggers.CreateLogger<Sequencer>());
            sequencer.Start();
            return new RevisionStore(journal, hub, sequencer);
        }
        catch
        {
            journal.Dispose();
            throw;
        }
    }

    public ObjectDocument? Find(StoreKey key) => _sequencer.State.Find(key);

    public CollectionSnapshot Read(string collection) => _sequencer.State.Read(collection);

    public StoreImage ReadAll() => new StateImage(_sequencer.State);

    public ValueTask<WriteOutcome> WriteAsync(StoreWrite write, CancellationToken cancellationToken) =>
        _sequencer.WriteAsync(write, cancellationToken);

    public IStoreWatch Watch(string collection, string? ns, StoreTopic? topic, long afterRevision)
    {
        // Nobody was ever told a revision that is not there: the watcher comes from before files were put back by hand. It would
        // miss whatever happens up to that revision.
        long newest = Revision;
        return afterRevision <= newest
            ? _hub.Watch(collection, ns, topic, afterRevision)
            : throw new WatchExpiredException(string.Create(
                CultureInfo.InvariantCulture, $"too large resource version: {afterRevision}, current: {newest}"));
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) != 0)
        {
            return;
        }

        _sequencer.Close();
        await _sequencer.Ended;
        _hub.Close();
        _journal.Dispose();
    }
}
