using System.Buffers;
using System.IO.Pipelines;
using MiniPlane.ApiServer.Bodies;
using MiniPlane.ApiServer.Registry;
using MiniPlane.ApiServer.Requests;
using MiniPlane.ApiServer.Selection;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;
using MiniPlane.Store.Revisions;

namespace MiniPlane.ApiServer.Watching;

/// <summary>One watch over HTTP: frames as they come, several at once when they come fast, bookmarks in between.</summary>
internal sealed class WatchStream(ApiRequest request, PipeWriter output, StoreAccess access, ObjectFilter filter, TimeProvider time) : IDisposable
{
    // A publication takes microseconds; what was committed this long before was handed to every watcher.
    private static readonly TimeSpan PublicationTime = TimeSpan.FromMilliseconds(200);

    private readonly ChunkWriter _output = new(output);
    private readonly bool _needsPreparation = StoreAccess.NeedsPreparation(request.Kind);

    // Only a watch's first Table carries the column definitions, as upstream's do.
    private bool _hasSentColumns;

    /// <summary>Sends the present state: what matches already.</summary>
    public async Task WriteInitialAsync(IEnumerable<ObjectDocument> matching, CancellationToken cancellationToken)
    {
        foreach (ObjectDocument document in matching)
        {
            await WriteAsync(ClusterEventType.Added, document, cancellationToken);
        }

        await _output.FlushAsync(cancellationToken);
    }

    public async Task WriteBookmarkAsync(long revision, bool isInitialEnd, CancellationToken cancellationToken)
    {
        _output.Write(Encoded(WatchFrames.Bookmark(request.Kind, request.Format, revision, isInitialEnd)).Span);
        await _output.FlushAsync(cancellationToken);
    }

    public async Task WriteErrorAsync(ApiException error, CancellationToken cancellationToken)
    {
        _output.Write(Encoded(WatchFrames.Error(error)).Span);
        await _output.FlushAsync(cancellationToken);
    }

    /// <summary>The client learns that it watches, however long nothing happens.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken) => await output.FlushAsync(cancellationToken);

    public void Dispose() => _output.Dispose();

    /// <summary>Sends events until the store closes the watch or the token ends it; a bookmark every <paramref name="bookmarks"/>.</summary>
    public async Task FollowAsync(IStoreWatch watch, TimeSpan? bookmarks, CancellationToken cancellationToken)
    {
        long bookmarkedAt = time.GetTimestamp();
        Task<bool> more = watch.Events.WaitToReadAsync(cancellationToken).AsTask();
        while (true)
        {
            if (bookmarks is { } interval && !more.IsCompleted)
            {
                TimeSpan left = interval - time.GetElapsedTime(bookmarkedAt);
                if (!await EndsWithinAsync(more, left > TimeSpan.Zero ? left : TimeSpan.Zero, cancellationToken))
                {
                    bookmarkedAt = time.GetTimestamp();
                    await BookmarkAsync(watch, cancellationToken);
                    continue;
                }
            }

            if (!await more)
            {
                return;
            }

            await DrainAsync(watch, cancellationToken);
            more = watch.Events.WaitToReadAsync(cancellationToken).AsTask();
        }
    }

    private async Task<bool> EndsWithinAsync(Task task, TimeSpan limit, CancellationToken cancellationToken)
    {
        try
        {
            await task.WaitAsync(limit, time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private async Task BookmarkAsync(IStoreWatch watch, CancellationToken cancellationToken)
    {
        long revision = access.Store.Revision;
        await Task.Delay(PublicationTime, time, cancellationToken);
        await DrainAsync(watch, cancellationToken);
        await WriteBookmarkAsync(revision, false, cancellationToken);
    }

    /// <summary>Sends what waits, and does not wait for more.</summary>
    public async Task DrainAsync(IStoreWatch watch, CancellationToken cancellationToken)
    {
        while (watch.Events.TryRead(out StoreEvent? change))
        {
            if (filter.NeedsPreparation)
            {
                await access.PrepareAsync(request.Kind, change, cancellationToken);
            }

            if (Transitions.Classify(change, filter) is { } type)
            {
                await WriteAsync(type, Transitions.Document(change, type), cancellationToken);
            }
        }

        if (!_output.IsEmpty)
        {
            await _output.FlushAsync(cancellationToken);
        }
    }

    private async ValueTask WriteAsync(ClusterEventType type, ObjectDocument stored, CancellationToken cancellationToken)
    {
        if (_needsPreparation)
        {
            await access.PrepareAsync(request.Kind, [stored], cancellationToken);
        }

        Write(type, access.ToVersion(stored, request.Kind));
        if (_output.IsFull)
        {
            await _output.FlushAsync(cancellationToken);
        }
    }

    private void Write(ClusterEventType type, ObjectDocument document)
    {
        if (request.Format.IsProtobuf)
        {
            _output.Write(ProtobufFrames.Of(request, type, document).Span);
            return;
        }

        WatchFrames.Begin(_output, type);
        switch (request.Format.Shape)
        {
            case AnswerShape.Metadata:
                Shapes.WriteMetadata(_output, document, request.Format);
                break;
            case AnswerShape.Table:
                new TableWriter(request, _output, time.GetUtcNow()).Single(document, !_hasSentColumns);
                _hasSentColumns = true;
                break;
            default:
                _output.Write(document.Utf8.Span);
                break;
        }

        WatchFrames.End(_output);
    }

    private ReadOnlyMemory<byte> Encoded(ReadOnlyMemory<byte> frame) =>
        request.Format.IsProtobuf ? ProtobufFrames.OfJson(request, frame) : frame;
}
