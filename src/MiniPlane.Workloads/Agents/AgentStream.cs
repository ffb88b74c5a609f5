using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Google.Protobuf;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Errors;
using MiniPlane.Wire.Agent;

namespace MiniPlane.Workloads.Agents;

/// <summary>One log, exec, attach or port-forward inside an agent's connection.</summary>
internal sealed class AgentStream(ulong id, AgentSession session, TimeProvider time) : IPodStream
{
    private const int MostBytes = 32 * 1024;
    private static readonly TimeSpan ReaderPatience = TimeSpan.FromSeconds(60);

    // What the agent sent and nobody has read yet. It holds what the window lets the agent send. An agent that does not count may fill
    // it: then the whole connection waits, since nothing may be lost, and a reader that takes nothing for a minute loses its stream.
    private readonly Channel<StreamData> _incoming = Channel.CreateBounded<StreamData>(
        new BoundedChannelOptions(StreamCredit.MostMessages(StreamCredit.DefaultWindow) + 8) { SingleReader = true, SingleWriter = true });

    private readonly StreamReceipt _receipt = new(StreamCredit.DefaultWindow);

    public ulong Id { get; } = id;

    /// <summary>What the agent lets this side send.</summary>
    public StreamCredit Credit { get; } = new(session.Hello.StreamWindow);

    /// <summary>Of a log: what comes after the piece that was read last; null before the first, and from agents that do not say it.</summary>
    public LogPosition? Position { get; private set; }

    public async ValueTask WriteAsync(byte channel, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        for (int at = 0; at < data.Length; at += MostBytes)
        {
            ReadOnlyMemory<byte> part = data.Slice(at, Math.Min(MostBytes, data.Length - at));
            await Credit.TakeAsync(part.Length, cancellationToken);
            var message = new StreamData { Id = Id, Channel = channel, Data = ByteString.CopyFrom(part.Span) };
            await session.SendAsync(new ControlMessage { StreamData = message }, cancellationToken);
        }
    }

    public ValueTask CloseChannelAsync(byte channel, CancellationToken cancellationToken) =>
        session.SendAsync(
            new ControlMessage { StreamData = new StreamData { Id = Id, Channel = channel, EndOfChannel = true } }, cancellationToken);

    public async IAsyncEnumerable<(byte Channel, ReadOnlyMemory<byte> Data)> ReadAllAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (StreamData data in _incoming.Reader.ReadAllAsync(cancellationToken))
        {
            Position = data.Position;
            yield return ((byte)data.Channel, data.Data.Memory);
            if (_receipt.Take(data.Data.Length) is > 0 and var taken)
            {
                await session.GiveAsync(Id, taken, cancellationToken);
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        _incoming.Writer.TryComplete();
        session.Close(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>Takes what the agent sent; gives the stream up when its reader does not read.</summary>
    public async ValueTask TakeAsync(StreamData data, CancellationToken cancellationToken)
    {
        if (data.Data.IsEmpty || _incoming.Writer.TryWrite(data))
        {
            return;
        }

        using var patience = new CancellationTokenSource(ReaderPatience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await _incoming.Writer.WriteAsync(data, both.Token);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            End(ApiErrors.Timeout("the client does not read the stream"));
        }
        catch (ChannelClosedException)
        {
            // The reader has left.
        }
    }

    /// <summary>No more comes; with an error, reading throws it.</summary>
    public void End(Exception? error) => _incoming.Writer.TryComplete(error);
}
