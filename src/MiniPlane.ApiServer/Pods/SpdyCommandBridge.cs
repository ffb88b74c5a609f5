using MiniPlane.ApiServer.Registry;
using MiniPlane.ApiServer.Spdy;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Pods;

/// <summary>
/// exec and attach over SPDY: one stream for each of stdin, stdout, stderr, error and resize that was asked for, told apart by their
/// <c>streamtype</c> header (kubelet: pkg/kubelet/server/remotecommand, protocol v4).
/// </summary>
internal sealed class SpdyCommandBridge(SpdyConnection connection, IPodStream pod, PodStreamRequest request, TimeProvider time)
{
    public const string Protocol = "v4.channel.k8s.io";

    /// <summary>kubelet's DefaultStreamCreationTimeout.</summary>
    private static readonly TimeSpan CreationTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(5);
    private static readonly string[] ChannelNames = ["stdin", "stdout", "stderr", "error", "resize"];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task reading = connection.RunAsync(ended.Token);
        if (await AcceptAsync(ended.Token) is { } streams)
        {
            IEnumerable<Task> inputs = new byte[] { 0, 4 }
                .Where(channel => streams[channel] is not null)
                .Select(channel => FeedAsync(streams[channel]!, channel, ended.Token));
            var feeding = Task.WhenAll(inputs.ToArray());
            Task sending = SendAsync(streams, ended.Token);
            await Task.WhenAny(sending, reading);
            if (sending.IsCompleted)
            {
                // The client hangs up when it has read everything; hanging up first could take its last words away.
                await Task.WhenAny(reading, Task.Delay(CloseTimeout, time, ended.Token));
            }

            await ended.CancelAsync();
            await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await feeding.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await ended.CancelAsync();
        await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Waits for the streams that the request's options announce; null when they do not come.</summary>
    private async ValueTask<SpdyStream?[]?> AcceptAsync(CancellationToken cancellationToken)
    {
        bool[] expected = [request.Stdin, request.Stdout, request.Stderr && !request.Tty, true, request.Tty];
        int missing = expected.Count(isExpected => isExpected);
        var streams = new SpdyStream?[ChannelNames.Length];
        using var limit = new CancellationTokenSource(CreationTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            while (missing > 0)
            {
                SpdyStream stream = await connection.Accepted.ReadAsync(either.Token);
                int channel = Array.IndexOf(ChannelNames, stream.Header("streamtype"));
                if (channel >= 0 && streams[channel] is null)
                {
                    streams[channel] = stream;
                    missing -= expected[channel] ? 1 : 0;
                }
            }

            return streams;
        }
        catch (Exception exception) when (
            exception is System.Threading.Channels.ChannelClosedException or OperationCanceledException)
        {
            return null;
        }
    }

    private async Task FeedAsync(SpdyStream stream, byte channel, CancellationToken cancellationToken)
    {
        await foreach (ReadOnlyMemory<byte> data in stream.Incoming.ReadAllAsync(cancellationToken))
        {
            await pod.WriteAsync(channel, data, cancellationToken);
        }

        if (channel == 0)
        {
            await pod.CloseChannelAsync(channel, cancellationToken);
        }
    }

    private async Task SendAsync(SpdyStream?[] streams, CancellationToken cancellationToken)
    {
        try
        {
            await foreach ((byte channel, ReadOnlyMemory<byte> data) in pod.ReadAllAsync(cancellationToken))
            {
                if (channel < streams.Length && streams[channel] is { } stream)
                {
                    await stream.WriteAsync(data, cancellationToken);
                }
            }
        }
        catch (ApiException error)
        {
            await streams[StreamProtocol.ErrorChannel]!.WriteAsync(JsonBytes.Encode(error.ToStatus()), cancellationToken);
        }

        foreach (SpdyStream stream in streams.OfType<SpdyStream>())
        {
            await stream.CloseAsync(cancellationToken);
            stream.Leave();
        }
    }
}
