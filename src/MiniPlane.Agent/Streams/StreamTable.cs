using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using MiniPlane.Agent.Connection;
using MiniPlane.Wire.Agent;
using MiniPlane.Wire.Grpc;

namespace MiniPlane.Agent.Streams;

/// <summary>The streams of one connection. They end with it.</summary>
internal sealed partial class StreamTable(
    GrpcDuplex<ControlMessage, AgentMessage> duplex, IControlHandler handler, ILogger logger, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan ReaderPatience = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<ulong, OpenedStream> _streams = new();
    private readonly CancellationTokenSource _connection = new();

    public void Open(OpenStream request)
    {
        PodStream stream = new(request.Id, request.Window, duplex);
        var ending = CancellationTokenSource.CreateLinkedTokenSource(_connection.Token);
        OpenedStream opened = new(stream, ending, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        _streams[request.Id] = opened;
        _ = ServeAsync(request, opened);
    }

    /// <summary>Hands on what the client sent. A program that does not read for a minute loses its stream; until then all wait.</summary>
    public async ValueTask TakeAsync(StreamData data, CancellationToken cancellationToken)
    {
        if (!_streams.TryGetValue(data.Id, out OpenedStream? open) || open.Stream.Queue.TryWrite(data))
        {
            return;
        }

        using CancellationTokenSource patience = new(ReaderPatience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await open.Stream.Queue.WriteAsync(data, either.Token);
        }
        catch (System.Threading.Channels.ChannelClosedException)
        {
            // The stream has ended by itself.
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            Close(data.Id);
        }
    }

    /// <summary>The client has read so much.</summary>
    public void Take(StreamWindow window)
    {
        if (_streams.TryGetValue(window.Id, out OpenedStream? open))
        {
            open.Stream.Credit.Give(window.Bytes);
        }
    }

    public void Close(ulong id)
    {
        if (_streams.TryGetValue(id, out OpenedStream? open))
        {
            open.Stream.Queue.TryComplete();
            open.Ending.Cancel();
        }
    }

    /// <summary>Completes when every stream of this moment has ended.</summary>
    public Task EmptyAsync() => Task.WhenAll(_streams.Values.Select(open => open.Served.Task));

    public void Dispose()
    {
        _connection.Cancel();
        _connection.Dispose();
    }

    private async Task ServeAsync(OpenStream request, OpenedStream opened)
    {
        (PodStream stream, CancellationTokenSource ending, TaskCompletionSource served) = opened;
        await Task.Yield();
        StreamClosed closed = new() { Id = request.Id };
        try
        {
            await handler.ServeAsync(request, stream, ending.Token);
        }
        catch (StreamException exception)
        {
            (closed.Error, closed.ErrorCode) = (exception.Message, exception.Code);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The client has left.
        }
#pragma warning disable CA1031 // A stream's failure is its client's news, and must not end the connection of the pod.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogFailed(logger, exception, request.RequestCase.ToString());
            (closed.Error, closed.ErrorCode) = (exception.Message, 500);
        }

        stream.Queue.TryComplete();
        if (_streams.TryRemove(request.Id, out _))
        {
            await SayClosedAsync(closed);
        }

        served.TrySetResult();
        ending.Dispose();
    }

    private async Task SayClosedAsync(StreamClosed closed)
    {
        try
        {
            using CancellationTokenSource limit = new(ReaderPatience, time);
            await duplex.WriteAsync(new AgentMessage { StreamClosed = closed }, limit.Token);
        }
        catch (Exception exception) when (exception is GrpcException or OperationCanceledException)
        {
            // The connection is gone, and the stream with it.
        }
    }

    [LoggerMessage(7030, LogLevel.Warning, "A {Kind} stream failed")]
    private static partial void LogFailed(ILogger logger, Exception exception, string kind);

    private sealed record OpenedStream(PodStream Stream, CancellationTokenSource Ending, TaskCompletionSource Served);
}
