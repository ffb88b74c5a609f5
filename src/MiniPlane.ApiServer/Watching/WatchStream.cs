using System.Buffers;
using System.IO.Pipelines;
using MiniPlane.ApiServer.Bodies;
using MiniPlane.ApiServer.CustomResources;
using MiniPlane.ApiServer.Registry;
using MiniPlane.ApiServer.Requests;
using MiniPlane.ApiServer.Selection;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;
using MiniPlane.Store.Revisions;

namespace MiniPlane.ApiServer.Watching;

/// <summary>One watch over HTTP: frames as they come, several at once when they come fast, bookmarks in between.</summary>
internal sealed class WatchStream(ApiRequest request, StoreAccess access, ObjectFilter filter, TimeProvider time)
{
    // A publication takes microseconds; what was committed this long before was handed to every watcher.
    private static readonly TimeSpan PublicationTime = TimeSpan.FromMilliseconds(200);

    private readonly PipeWriter _writer = request.Http.Response.BodyWriter;
    private readonly bool _isPlain = request.Format is { Shape: AnswerShape.Whole, Encoding: AnswerEncoding.Json }
        && ReferenceEquals(access.StorageKind(request.Kind), request.Kind)
        && request.Kind.Custom is not CustomResource { HasSeveralVersions: true };

    private readonly bool _needsPreparation = StoreAccess.NeedsPreparation(request.Kind);

    // Only a watch's first Table carries the column definitions, as upstream's do.
    private bool _hasSentColumns;

    public async Task WriteInitialAsync(IEnumerable<ObjectDocument> documents, CancellationToken cancellationToken)
    {
        foreach (ObjectDocument document in documents)
        {
            if (filter.Matches(document))
            {
                if (_needsPreparation)
                {
                    await access.PrepareAsync(request.Kind, [document], cancellationToken);
                }

                _writer.Write(Frame(ClusterEventType.Added, document).Span);
                if (_writer.UnflushedBytes > 64 * 1024)
                {
                    await _writer.FlushAsync(cancellationToken);
                }
            }
        }

        await _writer.FlushAsync(cancellationToken);
    }

    public async Task WriteBookmarkAsync(long revision, bool isInitialEnd, CancellationToken cancellationToken)
    {
        _writer.Write(Encoded(WatchFrames.Bookmark(request.Kind, request.Format.Shape, revision, isInitialEnd)).Span);
        await _writer.FlushAsync(cancellationToken);
    }

    public async Task WriteErrorAsync(ApiException error, CancellationToken cancellationToken)
    {
        _writer.Write(Encoded(WatchFrames.Error(error)).Span);
        await _writer.FlushAsync(cancellationToken);
    }

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

    private async Task DrainAsync(IStoreWatch watch, CancellationToken cancellationToken)
    {
        while (watch.Events.TryRead(out StoreEvent? change))
        {
            if (Transitions.Classify(change, filter) is { } type)
            {
                if (_needsPreparation)
                {
                    await access.PrepareAsync(request.Kind, [Transitions.Document(change, type)], cancellationToken);
                }

                _writer.Write(Frame(change, type).Span);
                if (_writer.UnflushedBytes > 64 * 1024)
                {
                    await _writer.FlushAsync(cancellationToken);
                }
            }
        }

        await _writer.FlushAsync(cancellationToken);
    }

    private ReadOnlyMemory<byte> Frame(StoreEvent change, ClusterEventType type) =>
        _isPlain && type == change.Type
            ? WatchFrames.Plain(change)
            : Frame(type, Transitions.Document(change, type));

    private ReadOnlyMemory<byte> Frame(ClusterEventType type, ObjectDocument stored)
    {
        ObjectDocument document = access.ToVersion(stored, request.Kind);
        if (request.Format.IsProtobuf)
        {
            return ProtobufFrames.Of(request, type, document);
        }

        switch (request.Format.Shape)
        {
            case AnswerShape.Metadata:
                return WatchFrames.Of(type, Shapes.Metadata(document));
            case AnswerShape.Table:
                bool withColumns = !_hasSentColumns;
                _hasSentColumns = true;
                return WatchFrames.Of(type, Shapes.Table(request, document, withColumns));
            default:
                return WatchFrames.Plain(type, document);
        }
    }

    private ReadOnlyMemory<byte> Encoded(ReadOnlyMemory<byte> frame) =>
        request.Format.IsProtobuf ? ProtobufFrames.OfJson(request, frame) : frame;
}
