using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using MiniPlane.Dns.Messages;

namespace MiniPlane.Dns.Forwarding;

/// <summary>
/// Asks the site's resolvers: each in turn, starting with the one that answered last, by UDP and again by TCP when the answer was cut.
/// Every question has its own port and a random id, so that answers are hard to forge (RFC 5452).
/// </summary>
internal sealed partial class Forwarder(
    IReadOnlyList<IPEndPoint> upstreams, ClusterDnsOptions options, TimeProvider time, ILogger<Forwarder> logger) : IDisposable
{
    private const int MaxMessage = 65535;

    private readonly SemaphoreSlim _slots = new(options.MaxForwards);
    private int _preferred;

    /// <summary>False if there is nobody to ask.</summary>
    public bool HasUpstreams => upstreams.Count > 0;

    /// <summary>
    /// The answer to a query of one question, with the query's id; null if none came in time or too many wait already.
    /// </summary>
    public async Task<byte[]?> AskAsync(ReadOnlyMemory<byte> query, CancellationToken cancellationToken)
    {
        if (!DnsReader.TryReadQuestion(query.Span, out DnsQuestion? question) || !await _slots.WaitAsync(0, cancellationToken))
        {
            return null;
        }

        try
        {
            return await AskInTurnAsync(query, question, cancellationToken);
        }
        finally
        {
            _slots.Release();
        }
    }

    public void Dispose() => _slots.Dispose();

    private async Task<byte[]?> AskInTurnAsync(
        ReadOnlyMemory<byte> query, DnsQuestion question, CancellationToken cancellationToken)
    {
        byte[] own = query.ToArray();
        ushort id = (ushort)RandomNumberGenerator.GetInt32(ushort.MaxValue + 1);
        BinaryPrimitives.WriteUInt16BigEndian(own, id);
        int first = Volatile.Read(ref _preferred);
        for (int i = 0; i < upstreams.Count; i++)
        {
            int server = (first + i) % upstreams.Count;
            if (await TryAskAsync(upstreams[server], own, question, cancellationToken) is { } answer)
            {
                Volatile.Write(ref _preferred, server);
                query.Span[..2].CopyTo(answer);
                return answer;
            }
        }

        return null;
    }

    private async Task<byte[]?> TryAskAsync(
        IPEndPoint server, byte[] query, DnsQuestion question, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.UpstreamTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            byte[] answer = await AskByUdpAsync(server, query, question, either.Token);
            return DnsReader.ReadHeader(answer).IsTruncated
                ? await AskByTcpAsync(server, query, question, either.Token)
                : answer;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            LogNoAnswer(logger, server, "no answer in time");
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            LogNoAnswer(logger, server, exception.Message);
        }

        return null;
    }

    private static async Task<byte[]> AskByUdpAsync(
        IPEndPoint server, byte[] query, DnsQuestion question, CancellationToken cancellationToken)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(server, cancellationToken);
        await socket.SendAsync(query, cancellationToken);
        byte[] buffer = new byte[MaxMessage];
        while (true)
        {
            int length = await socket.ReceiveAsync(buffer, cancellationToken);

            // Anything else may be a forgery or a late answer; the true one may still come.
            if (IsAnswer(buffer.AsSpan(0, length), query, question))
            {
                return buffer[..length];
            }
        }
    }

    private static async Task<byte[]?> AskByTcpAsync(
        IPEndPoint server, byte[] query, DnsQuestion question, CancellationToken cancellationToken)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(server, cancellationToken);
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(TcpFrame.Wrap(query), cancellationToken);
        byte[]? answer = await TcpFrame.ReadAsync(stream, cancellationToken);
        return answer is not null && IsAnswer(answer, query, question) ? answer : null;
    }

    private static bool IsAnswer(ReadOnlySpan<byte> answer, ReadOnlySpan<byte> query, DnsQuestion question) =>
        answer.Length >= DnsMessage.HeaderOctets
        && answer[..2].SequenceEqual(query[..2])
        && DnsReader.ReadHeader(answer).IsResponse
        && DnsReader.TryReadQuestion(answer, out DnsQuestion? answered)
        && answered.Name.Equals(question.Name)
        && answered.Type == question.Type
        && answered.Class == question.Class;

    [LoggerMessage(6011, LogLevel.Debug, "Resolver {Server}: {Reason}")]
    private static partial void LogNoAnswer(ILogger logger, IPEndPoint server, string reason);
}
