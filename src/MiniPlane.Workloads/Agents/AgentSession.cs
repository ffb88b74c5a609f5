using System.Collections.Concurrent;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;
using MiniPlane.Wire.Agent;
using MiniPlane.Wire.Grpc;

namespace MiniPlane.Workloads.Agents;

/// <summary>One connection of one agent: what can be sent to it, and the streams that are open in it.</summary>
internal sealed class AgentSession(
    string podUid,
    ObjectKey pod,
    Hello hello,
    IReadOnlySet<(string Kind, string Name)> firstReferences,
    GrpcDuplex<AgentMessage, ControlMessage> duplex,
    CancellationTokenSource ending,
    TimeProvider time)
{
    private const int MostStreams = 256;

    private readonly ConcurrentDictionary<ulong, AgentStream> _streams = new();
    private volatile IReadOnlySet<(string Kind, string Name)> _references = firstReferences;
    private ulong _lastStream;

    public string PodUid { get; } = podUid;

    public ObjectKey Pod { get; } = pod;

    public Hello Hello { get; } = hello;

    /// <summary>When the agent last said something. While containers run it tells what they use, so a silence means that the way to it is cut.</summary>
    public DateTimeOffset HeardAt { get; private set; } = time.GetUtcNow();

    /// <summary>Notes that something was said; how long nothing had been.</summary>
    public TimeSpan Hear()
    {
        DateTimeOffset now = time.GetUtcNow();
        TimeSpan silence = now - HeardAt;
        HeardAt = now;
        return silence;
    }

    /// <summary>What of the pod the agent was told last, as <see cref="PodPusher"/> tells versions apart.</summary>
    public string LastPod { get; set; } = "";

    /// <summary>The hosts file that the agent has.</summary>
    public ReadOnlyMemory<byte> LastHosts { get; set; }

    /// <summary>When the pod's tokens are to be renewed.</summary>
    public DateTimeOffset RenewTokensAt { get; set; } = DateTimeOffset.MaxValue;

    public bool Uses(string ns, string kind, string name) => Pod.Namespace == ns && _references.Contains((kind, name));

    /// <summary>An ephemeral container may name objects that the pod did not name before.</summary>
    public void SetReferences(IReadOnlySet<(string Kind, string Name)> references) => _references = references;

    public ValueTask SendAsync(ControlMessage message, CancellationToken cancellationToken) => duplex.WriteAsync(message, cancellationToken);

    /// <summary>Sends without waiting. An agent whose queue is full is cut off: it reconnects and gets everything anew.</summary>
    public bool TrySend(ControlMessage message)
    {
        if (duplex.TryWrite(message))
        {
            return true;
        }

        End();
        return false;
    }

    /// <summary>Ends the connection, because another has replaced it or it cannot keep up.</summary>
    public void End()
    {
        try
        {
            ending.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has ended by itself.
        }
    }

    /// <summary>Opens a stream; the request's id is filled in.</summary>
    public async ValueTask<AgentStream> OpenAsync(OpenStream request, CancellationToken cancellationToken)
    {
        if (_streams.Count >= MostStreams)
        {
            throw ApiErrors.TooManyRequests($"pod {Pod} has {MostStreams} open streams", 1);
        }

        var stream = new AgentStream(Interlocked.Increment(ref _lastStream), this, time);
        _streams[stream.Id] = stream;
        request.Id = stream.Id;
        request.Window = StreamCredit.DefaultWindow;
        try
        {
            await SendAsync(new ControlMessage { OpenStream = request }, cancellationToken);
        }
        catch (GrpcException exception)
        {
            _streams.TryRemove(stream.Id, out _);
            throw ApiErrors.ServiceUnavailable($"the agent of pod {Pod} went away: {exception.Status.Message}");
        }

        return stream;
    }

    public ValueTask TakeAsync(StreamData data, CancellationToken cancellationToken) =>
        _streams.TryGetValue(data.Id, out AgentStream? stream) ? stream.TakeAsync(data, cancellationToken) : ValueTask.CompletedTask;

    /// <summary>The pod has read so much of a stream's input.</summary>
    public void Take(StreamWindow window)
    {
        if (_streams.TryGetValue(window.Id, out AgentStream? stream))
        {
            stream.Credit.Give(window.Bytes);
        }
    }

    /// <summary>The client has read so much of a stream; an agent that has gone need not know.</summary>
    public async ValueTask GiveAsync(ulong stream, uint bytes, CancellationToken cancellationToken)
    {
        try
        {
            await SendAsync(new ControlMessage { StreamWindow = new StreamWindow { Id = stream, Bytes = bytes } }, cancellationToken);
        }
        catch (GrpcException)
        {
            // What is still to be read says so in its place.
        }
    }

    /// <summary>The agent has ended a stream.</summary>
    public void Take(StreamClosed closed)
    {
        if (_streams.TryRemove(closed.Id, out AgentStream? stream))
        {
            stream.End(closed.Error.Length == 0 ? null : ToError(closed));
        }
    }

    /// <summary>The client has left a stream; the agent is told.</summary>
    public void Close(AgentStream stream)
    {
        if (_streams.TryRemove(stream.Id, out _))
        {
            TrySend(new ControlMessage { StreamClosed = new StreamClosed { Id = stream.Id } });
        }
    }

    /// <summary>The connection is over, and so is every stream in it.</summary>
    public void EndStreams()
    {
        foreach (AgentStream stream in _streams.Values)
        {
            stream.End(ApiErrors.ServiceUnavailable($"the connection to the agent of pod {Pod} was lost"));
        }

        _streams.Clear();
    }

    private static ApiException ToError(StreamClosed closed) => closed.ErrorCode switch
    {
        404 => new ApiException(404, "NotFound", closed.Error),
        400 => ApiErrors.BadRequest(closed.Error),
        _ => ApiErrors.Internal(closed.Error),
    };
}
