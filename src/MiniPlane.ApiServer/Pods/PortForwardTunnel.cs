using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using MiniPlane.ApiServer.Spdy;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Pods;

/// <summary>
/// Port-forward over SPDY: for each of the client's TCP connections a pair of streams, <c>data</c> and <c>error</c>, with the same
/// <c>requestid</c> (kubelet: pkg/kubelet/server/portforward/httpstream.go).
/// </summary>
internal sealed class PortForwardTunnel(
    SpdyConnection connection, Func<int, CancellationToken, ValueTask<IPodStream>> openAsync, TimeProvider time)
{
    public const string Protocol = "portforward.k8s.io";

    /// <summary>kubelet's DefaultStreamCreationTimeout.</summary>
    private static readonly TimeSpan PairingTimeout = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, (SpdyStream Stream, DateTimeOffset Since)> _unpaired = new(StringComparer.Ordinal);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task reading = connection.RunAsync(ended.Token);
        var forwards = new ConcurrentDictionary<Task, bool>();
        try
        {
            await foreach (SpdyStream stream in connection.Accepted.ReadAllAsync(ended.Token))
            {
                if (await PairAsync(stream, ended.Token) is { } pair)
                {
                    Task forward = ForwardAsync(pair.Data, pair.Error, ended.Token);
                    forwards[forward] = true;
                    _ = forward.ContinueWith(
                        done => forwards.TryRemove(done, out _), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
                }
            }
        }
        finally
        {
            await ended.CancelAsync();
            await Task.WhenAll(forwards.Keys).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async ValueTask<(SpdyStream Data, SpdyStream Error)?> PairAsync(SpdyStream stream, CancellationToken cancellationToken)
    {
        foreach ((string id, (SpdyStream waiting, DateTimeOffset since)) in _unpaired)
        {
            if (time.GetUtcNow() - since > PairingTimeout && _unpaired.TryRemove(id, out _))
            {
                await waiting.CloseAsync(cancellationToken);
                waiting.Leave();
            }
        }

        string request = stream.Header("requestid");
        if (!_unpaired.TryRemove(request, out (SpdyStream Stream, DateTimeOffset Since) other))
        {
            _unpaired[request] = (stream, time.GetUtcNow());
            return null;
        }

        return stream.Header("streamtype") == "data" ? (stream, other.Stream) : (other.Stream, stream);
    }

    private async Task ForwardAsync(SpdyStream data, SpdyStream error, CancellationToken cancellationToken)
    {
        try
        {
            await CopyAsync(data, cancellationToken);
        }
        catch (ApiException exception)
        {
            string port = data.Header("port");
            string text = string.Create(CultureInfo.InvariantCulture, $"error forwarding port {port}: {exception.Message}");
            await error.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken);
        }
        finally
        {
            await data.CloseAsync(cancellationToken);
            await error.CloseAsync(cancellationToken);
            data.Leave();
            error.Leave();
        }
    }

    private async Task CopyAsync(SpdyStream data, CancellationToken cancellationToken)
    {
        if (!int.TryParse(data.Header("port"), NumberStyles.None, CultureInfo.InvariantCulture, out int port) || port is 0 or > 65535)
        {
            throw ApiErrors.BadRequest($"\"{data.Header("port")}\" is not a port");
        }

        await using IPodStream pod = await openAsync(port, cancellationToken);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task feeding = PortForwardInput.FeedAsync(data.Incoming, pod, over.Token);
        try
        {
            await foreach ((_, ReadOnlyMemory<byte> bytes) in pod.ReadAllAsync(cancellationToken))
            {
                await data.WriteAsync(bytes, cancellationToken);
            }
        }
        finally
        {
            await over.CancelAsync();
            await feeding.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
