using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using MiniPlane.Store.Revisions;
using MiniPlane.Store.Watching;

namespace MiniPlane.Store.Sequencing;

/// <summary>
/// The one writer: takes writes from a bounded channel, checks them in order, makes a batch durable in one transaction, then
/// shows it to readers, then to watchers, then answers the callers. It has a thread of its own because the disk blocks, and the
/// thread pool of a small login node has few threads to lend.
/// </summary>
internal sealed partial class Sequencer
{
    private readonly Channel<PendingWrite> _queue;
    private readonly IJournal _journal;
    private readonly WatchHub _hub;
    private readonly StoreOptions _options;
    private readonly ILogger<Sequencer> _logger;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HistoryBudget _history;
    private StoreState _state;
    private bool _isRefusing;
    private bool _isRestDue;

    public Sequencer(IJournal journal, JournalImage image, WatchHub hub, StoreOptions options, ILogger<Sequencer> logger)
    {
        _journal = journal;
        _hub = hub;
        _options = options;
        _logger = logger;
        _state = StoreState.From(image);
        _history = new HistoryBudget(image, options);
        _queue = Channel.CreateBounded<PendingWrite>(new BoundedChannelOptions(options.QueueLength)
        {
            SingleReader = true,
            FullMode = BoundedChannelFullMode.Wait,
        });
    }

    /// <summary>The newest visible state.</summary>
    public StoreState State => Volatile.Read(ref _state);

    /// <summary>Completes when the sequencer was closed and has answered everyone.</summary>
    public Task Ended => _ended.Task;

    public void Start() => new Thread(Run) { IsBackground = true, Name = "miniplane-store" }.Start();

    /// <summary>Takes no more writes; those that are queued are still committed.</summary>
    public void Close() => _queue.Writer.TryComplete();

    public async ValueTask<WriteOutcome> WriteAsync(StoreWrite write, CancellationToken cancellationToken)
    {
        var pending = new PendingWrite(write);
        try
        {
            await _queue.Writer.WriteAsync(pending, cancellationToken);
            StoreMetrics.Queued();
        }
        catch (ChannelClosedException exception)
        {
            throw new ObjectDisposedException("The store is closed.", exception);
        }

        return await pending.Answer;
    }

    private void Run()
    {
        while (WaitForWrites())
        {
            Commit(TakeBatch());
        }

        _ended.SetResult();
    }

    private bool WaitForWrites()
    {
        ValueTask<bool> wait = _queue.Reader.WaitToReadAsync(CancellationToken.None);
#pragma warning disable VSTHRD002 // This is the sequencer's own thread; blocking it is its purpose.
        if (wait.IsCompleted)
        {
            return wait.Result;
        }

        Task<bool> waiting = wait.AsTask();
        while (_isRestDue && !waiting.Wait(_options.RestAfter))
        {
            Rest();
        }

        return waiting.GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
    }

    private void Rest()
    {
        try
        {
            long floor = _history.NextFloor();
            _isRestDue = _journal.Rest(floor);
            _history.Forget(floor);
        }
        catch (JournalRefusedException exception)
        {
            // Nothing is lost: the room is given back another time.
            _isRestDue = false;
            LogNoRoomGivenBack(_logger, exception);
        }
    }

    private WriteBatch TakeBatch()
    {
        var batch = new WriteBatch(_state);
        while (batch.Length < _options.BatchLength && batch.Bytes < _options.BatchBytes
            && _queue.Reader.TryRead(out PendingWrite? pending))
        {
            StoreMetrics.Taken();
            batch.Add(pending);
        }

        return batch;
    }

    private void Commit(WriteBatch batch)
    {
        long started = Stopwatch.GetTimestamp();
        bool isDurable = batch.Changes.Count == 0 || TryMakeDurable(batch);
        if (batch.Changes.Count > 0)
        {
            StoreMetrics.Ended(batch.Changes.Count, isDurable, started);
        }

        if (isDurable)
        {
            Publish(batch);
            batch.CompleteWritten();
        }
    }

    private bool TryMakeDurable(WriteBatch batch)
    {
        _isRestDue = true;
        try
        {
            long floor = _history.NextFloor();
            _journal.Append(batch.Changes, floor);
            _history.Commit(batch.Changes, floor);
        }
#pragma warning disable CA1031 // Whatever the disk does, the callers get an answer and the next batch is tried.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            string reason = exception is JournalRefusedException ? exception.Message : "the cluster's data could not be written";
            if (!_isRefusing)
            {
                LogRefusing(_logger, exception, batch.Length, reason);
            }

            _isRefusing = true;
            batch.CompleteRefused(reason);
            return false;
        }

        if (_isRefusing)
        {
            _isRefusing = false;
            LogWritingAgain(_logger, _state.Revision);
        }

        return true;
    }

    private void Publish(WriteBatch batch)
    {
        // Readers first: a watcher that gets an event must find at least that revision when it reads.
        Volatile.Write(ref _state, batch.After());
        foreach (CommittedChange change in batch.Changes)
        {
            _hub.Publish(change);
        }
    }

    [LoggerMessage(2001, LogLevel.Error, "The store refuses writes, the first batch of {Writes}: {Reason}. It tries again with every write")]
    private static partial void LogRefusing(ILogger logger, Exception exception, int writes, string reason);

    [LoggerMessage(2002, LogLevel.Information, "The store takes writes again, at revision {Revision}")]
    private static partial void LogWritingAgain(ILogger logger, long revision);

    [LoggerMessage(2003, LogLevel.Warning, "The store could not give unused room back; it tries again later")]
    private static partial void LogNoRoomGivenBack(ILogger logger, Exception exception);
}
