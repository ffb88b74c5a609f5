using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;

namespace MiniPlane.Wire.Grpc;

/// <summary>Opens calls to one endpoint over HTTP/2. The handler is the caller's and outlives the client.</summary>
public sealed class GrpcClient(HttpMessageHandler handler, Uri endpoint, string? bearerToken) : IDisposable
{
    private const string ContentType = "application/grpc";

    private readonly HttpMessageInvoker _http = new(handler, disposeHandler: false);

    /// <summary>
    /// The name in the server's certificate, when the endpoint's own host is not in it.
    /// </summary>
    public string? ServerName { get; init; }

    public GrpcLimits Limits { get; init; } = GrpcLimits.Default;

    /// <summary>
    /// Opens a bidirectional call of <paramref name="method"/> (<c>/package.Service/Method</c>); returns when the server has answered
    /// with its headers. Unavailable when the server cannot be reached; the server's own status when it refuses.
    /// </summary>
    public async Task<GrpcDuplex<TRead, TWrite>> OpenAsync<TRead, TWrite>(
        string method, MessageParser<TRead> parser, CancellationToken cancellationToken)
        where TRead : IMessage<TRead>
        where TWrite : IMessage<TWrite>
    {
        GrpcMessageWriter<TWrite> writer = new(Limits);
        CancellationTokenSource call = new();
        GrpcRequestContent<TWrite> content = new(writer, call.Token);
        HttpRequestMessage request = MakeRequest(method, content);
        HttpResponseMessage? response = null;
        try
        {
            response = await SendAsync(request, cancellationToken);
            Stream body = await response.Content.ReadAsStreamAsync(cancellationToken);
            GrpcMessageReader<TRead> reader = new(PipeReader.Create(body), parser, Limits);
            HttpResponseMessage opened = response;
            return new GrpcDuplex<TRead, TWrite>(reader, writer, () => StatusOf(opened), async () =>
            {
                await call.CancelAsync();
                opened.Dispose();
                request.Dispose();
                call.Dispose();
            });
        }
        catch
        {
            writer.Complete();
            response?.Dispose();
            request.Dispose();
            call.Dispose();
            throw;
        }
    }

    /// <summary>One question, one answer.</summary>
    public async Task<TReply> UnaryAsync<TRequest, TReply>(
        string method, TRequest message, MessageParser<TReply> parser, CancellationToken cancellationToken)
        where TRequest : class, IMessage<TRequest>
        where TReply : class, IMessage<TReply>
    {
        await using GrpcDuplex<TReply, TRequest> call = await OpenUnaryAsync(method, message, parser, cancellationToken);
        TReply? reply = null;
        await foreach (TReply part in call.ReadAllAsync(cancellationToken))
        {
            reply = part;
        }

        return reply ?? throw new GrpcException(GrpcStatusCode.Internal, "the server sent no reply");
    }

    public void Dispose() => _http.Dispose();

    private async Task<GrpcDuplex<TReply, TRequest>> OpenUnaryAsync<TRequest, TReply>(
        string method, TRequest message, MessageParser<TReply> parser, CancellationToken cancellationToken)
        where TRequest : class, IMessage<TRequest>
        where TReply : class, IMessage<TReply>
    {
        GrpcMessageWriter<TRequest> writer = new(Limits);
        await writer.WriteAsync(message, cancellationToken);
        writer.Complete();
        HttpRequestMessage request = MakeRequest(method, new GrpcRequestContent<TRequest>(writer, CancellationToken.None));
        HttpResponseMessage? response = null;
        try
        {
            response = await SendAsync(request, cancellationToken);
            Stream body = await response.Content.ReadAsStreamAsync(cancellationToken);
            HttpResponseMessage opened = response;
            return new GrpcDuplex<TReply, TRequest>(
                new GrpcMessageReader<TReply>(PipeReader.Create(body), parser, Limits), writer, () => StatusOf(opened), () =>
                {
                    opened.Dispose();
                    request.Dispose();
                    return ValueTask.CompletedTask;
                });
        }
        catch
        {
            response?.Dispose();
            request.Dispose();
            throw;
        }
    }

    private HttpRequestMessage MakeRequest(string method, HttpContent content)
    {
        HttpRequestMessage request = new(HttpMethod.Post, new Uri(endpoint, method))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        request.Headers.Host = ServerName;
        content.Headers.ContentType = new MediaTypeHeaderValue(ContentType);
        if (bearerToken is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearerToken);
        }

        return request;
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response;
        try
        {
            response = await _http.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException exception)
        {
            throw new GrpcException(GrpcStatusCode.Unavailable, $"{endpoint.Authority} cannot be reached: {exception.Message}", exception);
        }

        GrpcStatus? refusal = response.StatusCode != HttpStatusCode.OK ? GrpcStatus.FromHttp((int)response.StatusCode)
            : ReadStatus(response.Headers) is { IsOk: false } status ? status
            : response.Content.Headers.ContentType?.MediaType?.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase) != true
                ? new GrpcStatus(GrpcStatusCode.Unknown, "the server does not speak gRPC")
            : null;
        if (refusal is not null)
        {
            response.Dispose();
            throw new GrpcException(refusal.Value);
        }

        return response;
    }

    private static GrpcStatus StatusOf(HttpResponseMessage response) =>
        ReadStatus(response.TrailingHeaders)
        ?? ReadStatus(response.Headers)
        ?? new GrpcStatus(GrpcStatusCode.Unavailable, "the call ended without a status");

    private static GrpcStatus? ReadStatus(HttpHeaders headers)
    {
        if (!headers.TryGetValues(GrpcStatus.CodeHeader, out IEnumerable<string>? codes))
        {
            return null;
        }

        string? message = headers.TryGetValues(GrpcStatus.MessageHeader, out IEnumerable<string>? messages)
            ? messages.FirstOrDefault()
            : null;
        return GrpcStatus.Parse(codes.First(), message);
    }
}
