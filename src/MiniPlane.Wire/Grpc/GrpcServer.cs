using System.IO.Pipelines;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace MiniPlane.Wire.Grpc;

/// <summary>
/// The server's side of a call inside an ordinary ASP.NET Core endpoint (POST, HTTP/2). The handler's exceptions become the
/// call's status: <see cref="GrpcException"/> as it says, cancellation as Cancelled, the rest as Internal (and thrown on for the log).
/// </summary>
public static class GrpcServer
{
    private const string ContentType = "application/grpc";

    /// <summary>Serves one bidirectional call; returns when the handler has ended and everything it wrote was sent.</summary>
    public static async Task DuplexAsync<TRead, TWrite>(
        HttpContext context,
        MessageParser<TRead> parser,
        GrpcLimits limits,
        Func<GrpcDuplex<TRead, TWrite>, CancellationToken, Task> handler,
        CancellationToken cancellationToken)
        where TRead : IMessage<TRead>
        where TWrite : IMessage<TWrite>
    {
        if (!await AcceptAsync(context, cancellationToken))
        {
            return;
        }

        using var call = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, cancellationToken);
        GrpcMessageReader<TRead> reader = new(context.Request.BodyReader, parser, limits);
        GrpcMessageWriter<TWrite> writer = new(limits);
        Task pump = PumpAsync(writer, context.Response.BodyWriter, call);
        GrpcDuplex<TRead, TWrite> duplex = new(reader, writer, static () => GrpcStatus.Ok, static () => ValueTask.CompletedTask);
        await EndAsync(context, async () =>
        {
            try
            {
                await handler(duplex, call.Token);
            }
            finally
            {
                writer.Complete();
                await pump.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        });
    }

    /// <summary>Serves one unary call.</summary>
    public static async Task UnaryAsync<TRequest, TReply>(
        HttpContext context,
        MessageParser<TRequest> parser,
        GrpcLimits limits,
        Func<TRequest, CancellationToken, ValueTask<TReply>> handler,
        CancellationToken cancellationToken)
        where TRequest : class, IMessage<TRequest>
        where TReply : class, IMessage<TReply>
    {
        if (!await AcceptAsync(context, cancellationToken))
        {
            return;
        }

        using var call = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, cancellationToken);
        await EndAsync(context, async () =>
        {
            GrpcMessageReader<TRequest> reader = new(context.Request.BodyReader, parser, limits);
            TRequest? request = null;
            await foreach (TRequest message in reader.ReadAllAsync(call.Token))
            {
                request = request is null
                    ? message
                    : throw new GrpcException(GrpcStatusCode.InvalidArgument, "a unary call has one message");
            }

            TReply reply = await handler(
                request ?? throw new GrpcException(GrpcStatusCode.InvalidArgument, "a unary call has one message"), call.Token);
            GrpcMessageWriter<TReply> writer = new(limits);
            await writer.WriteAsync(reply, call.Token);
            writer.Complete();
            await writer.PumpAsync(context.Response.BodyWriter, call.Token);
        });
    }

    /// <summary>Answers with headers at once (the peer waits for them), or refuses what is not gRPC with 415.</summary>
    private static async Task<bool> AcceptAsync(HttpContext context, CancellationToken cancellationToken)
    {
        if (context.Request.ContentType?.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase) != true
            || !HttpProtocol.IsHttp2(context.Request.Protocol))
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return false;
        }

        // A call lives as long as a pod and may be silent for hours: the limits meant for short requests do not fit it.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }

        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }

        context.Response.ContentType = ContentType;
        await context.Response.StartAsync(cancellationToken);
        await context.Response.BodyWriter.FlushAsync(cancellationToken);
        return true;
    }

    private static async Task PumpAsync<T>(GrpcMessageWriter<T> writer, PipeWriter output, CancellationTokenSource call)
        where T : IMessage<T>
    {
        try
        {
            await writer.PumpAsync(output, call.Token);
        }
        catch
        {
            // Nobody reads any more: the handler has nothing to live for.
            await call.CancelAsync();
            throw;
        }
    }

    private static async Task EndAsync(HttpContext context, Func<Task> serve)
    {
        GrpcStatus status = GrpcStatus.Ok;
        try
        {
            await serve();
        }
        catch (GrpcException exception)
        {
            status = exception.Status;
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            status = new GrpcStatus(GrpcStatusCode.Cancelled, "the call was cancelled");
        }
        catch
        {
            status = new GrpcStatus(GrpcStatusCode.Internal, "the handler failed");
            throw;
        }
        finally
        {
            if (!context.RequestAborted.IsCancellationRequested)
            {
                context.Response.AppendTrailer(GrpcStatus.CodeHeader, status.CodeText);
                if (status.Message.Length > 0)
                {
                    context.Response.AppendTrailer(GrpcStatus.MessageHeader, status.EncodedMessage);
                }
            }
        }
    }
}
