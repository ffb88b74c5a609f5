using System.Text.Json;
using Microsoft.Extensions.Logging;
using MiniPlane.Agent.Streams;
using MiniPlane.Objects.Loops;
using MiniPlane.Wire.Agent;
using MiniPlane.Wire.Grpc;

namespace MiniPlane.Agent.Connection;

/// <summary>
/// The one connection to the control plane: dials the endpoints in turn, says Hello, sends what is in the outbox, hands on what it
/// is told, and does so again after every loss, for as long as it is not stopped.
/// </summary>
internal sealed partial class ControlLink(
    AgentConfiguration configuration,
    Func<Hello> hello,
    Outbox outbox,
    IControlHandler handler,
    HttpMessageHandler http,
    ILogger<ControlLink> logger,
    TimeProvider time) : BackgroundLoop(logger, time)
{
    private static readonly TimeSpan OpenLimit = TimeSpan.FromSeconds(20);

    private volatile Talk? _talk;

    /// <summary>Whether a connection stands at this moment.</summary>
    public bool IsConnected => _talk is not null;

    /// <summary>
    /// Ends the connection of a pod that is over: the streams get to their ends, what is queued is sent, and the control plane says that
    /// it has it. A client that does not read is not waited for longer than the limit.
    /// </summary>
    public async Task FinishAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        if (_talk is not { } talk)
        {
            return;
        }

        await talk.Streams.EmptyAsync().WaitAsync(limit, Time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        talk.Duplex.CompleteWriting();
        await talk.Ended.Task.WaitAsync(limit, Time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        (GrpcClient client, GrpcDuplex<ControlMessage, AgentMessage> duplex) = await OpenAsync(cancellationToken);
        using (client)
        await using (duplex)
        {
            await TalkAsync(duplex, cancellationToken);
        }
    }

    private async Task TalkAsync(GrpcDuplex<ControlMessage, AgentMessage> duplex, CancellationToken cancellationToken)
    {
        using var connection = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using StreamTable streams = new(duplex, handler, logger, Time);
        Task sending = Task.CompletedTask;
        Talk talk = new(duplex, streams, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        try
        {
            await duplex.WriteAsync(new AgentMessage { Hello = hello() }, cancellationToken);
            sending = SendAsync(duplex, connection.Token);
            _talk = talk;
            await foreach (ControlMessage message in duplex.ReadAllAsync(cancellationToken))
            {
                await TakeAsync(message, streams, connection.Token);
            }

            throw new GrpcException(GrpcStatusCode.Unavailable, "the control plane ended the connection");
        }
        catch (GrpcException exception) when (exception.Status.Code is GrpcStatusCode.NotFound)
        {
            handler.Disown(exception.Status.Message);
            throw;
        }
        catch (GrpcException exception) when (exception.Status.Code is GrpcStatusCode.FailedPrecondition)
        {
            handler.Supersede(exception.Status.Message);
            throw;
        }
        finally
        {
            _talk = null;
            talk.Ended.TrySetResult();
            await connection.CancelAsync();
            await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Opens the call at the first endpoint that answers.</summary>
    private async Task<(GrpcClient Client, GrpcDuplex<ControlMessage, AgentMessage> Duplex)> OpenAsync(CancellationToken cancellationToken)
    {
        GrpcException? last = null;
        foreach (string endpoint in CurrentEndpoints())
        {
            GrpcClient client = new(http, new Uri(endpoint), configuration.Token) { ServerName = configuration.Settings.ServerName };
            using CancellationTokenSource limit = new(OpenLimit, Time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            try
            {
                GrpcDuplex<ControlMessage, AgentMessage> duplex =
                    await client.OpenAsync<ControlMessage, AgentMessage>(AgentMethods.Connect, ControlMessage.Parser, either.Token);
                LogConnected(logger, endpoint);
                return (client, duplex);
            }
            catch (Exception exception) when (exception is GrpcException or OperationCanceledException)
            {
                client.Dispose();
                cancellationToken.ThrowIfCancellationRequested();
                last = exception as GrpcException ?? new GrpcException(GrpcStatusCode.Unavailable, $"{endpoint} does not answer", exception);
                LogUnreachable(logger, endpoint, last.Message);
            }
        }

        if (last?.Status.Code == GrpcStatusCode.Unauthenticated)
        {
            handler.Disown("the pod's token is not accepted");
        }

        throw last ?? new GrpcException(GrpcStatusCode.Unavailable, "no endpoint is configured");
    }

    /// <summary>The control plane may have moved since the start; then it has written down where it is now.</summary>
    private IReadOnlyList<string> CurrentEndpoints()
    {
        try
        {
            var now = AgentConfiguration.Load(Path.Combine(configuration.PodDirectory, AgentConfiguration.FileName));
            return now.PodUid == configuration.PodUid && now.Endpoints.Count > 0 ? now.Endpoints : configuration.Endpoints;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            return configuration.Endpoints;
        }
    }

    private async Task SendAsync(GrpcDuplex<ControlMessage, AgentMessage> duplex, CancellationToken cancellationToken)
    {
        ulong sent = 0;
        while (true)
        {
            Task changed = outbox.ChangedAsync();
            while (outbox.Next(sent) is { } message)
            {
                await duplex.WriteAsync(message, cancellationToken);
                outbox.Remove(message);
                sent = message.Status?.Sequence ?? sent;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    private async ValueTask TakeAsync(ControlMessage message, StreamTable streams, CancellationToken cancellationToken)
    {
        switch (message.BodyCase)
        {
            case ControlMessage.BodyOneofCase.Pod:
                await handler.AssignAsync(message.Pod, cancellationToken);
                break;
            case ControlMessage.BodyOneofCase.Object:
                await handler.ChangeAsync(message.Object.Object, cancellationToken);
                break;
            case ControlMessage.BodyOneofCase.Token:
                await handler.RenewAsync(message.Token, cancellationToken);
                break;
            case ControlMessage.BodyOneofCase.Hosts:
                handler.SetHosts(message.Hosts.HostsFile.Memory);
                break;
            case ControlMessage.BodyOneofCase.Stop:
                handler.Stop(message.Stop);
                break;
            case ControlMessage.BodyOneofCase.StatusAck:
                outbox.Acknowledge(message.StatusAck.Sequence);
                break;
            case ControlMessage.BodyOneofCase.OpenStream:
                streams.Open(message.OpenStream);
                break;
            case ControlMessage.BodyOneofCase.StreamData:
                await streams.TakeAsync(message.StreamData, cancellationToken);
                break;
            case ControlMessage.BodyOneofCase.StreamWindow:
                streams.Take(message.StreamWindow);
                break;
            case ControlMessage.BodyOneofCase.StreamClosed:
                streams.Close(message.StreamClosed.Id);
                break;
            default:
                // A newer control plane may say more than this agent understands.
                break;
        }
    }

    [LoggerMessage(7000, LogLevel.Information, "Connected to {Endpoint}")]
    private static partial void LogConnected(ILogger logger, string endpoint);

    [LoggerMessage(7001, LogLevel.Warning, "{Endpoint} cannot be used: {Message}")]
    private static partial void LogUnreachable(ILogger logger, string endpoint, string message);

    private sealed record Talk(GrpcDuplex<ControlMessage, AgentMessage> Duplex, StreamTable Streams, TaskCompletionSource Ended);
}
