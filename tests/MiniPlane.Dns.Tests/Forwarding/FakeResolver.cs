using System.Net;
using System.Net.Sockets;
using MiniPlane.Dns.Messages;
using MiniPlane.Dns.Serving;

namespace MiniPlane.Dns.Tests.Forwarding;

/// <summary>A site's resolver on loopback, UDP and TCP. It answers as the test says and counts what it was asked.</summary>
internal sealed class FakeResolver : IAsyncDisposable
{
    private readonly DnsSockets _sockets = DnsSockets.Bind(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _serving;
    private int _udp;
    private int _tcp;

    public FakeResolver() => _serving = Task.WhenAll(ServeUdpAsync(), ServeTcpAsync());

    public IPEndPoint EndPoint => _sockets.EndPoint;

    public int UdpQueries => Volatile.Read(ref _udp);

    public int TcpQueries => Volatile.Read(ref _tcp);

    /// <summary>Octets to send for a query; the flag says TCP. None means silence.</summary>
    public Func<DnsMessage, bool, IEnumerable<byte[]>> Answer { get; set; } = static (_, _) => [];

    /// <summary>Answers every question with this address.</summary>
    public static byte[] Address(DnsMessage query, string address) => DnsWriter.Write(
        query with
        {
            IsResponse = true,
            RecursionAvailable = true,
            Answers = [DnsRecord.Address(query.Questions[0].Name, 300, IPAddress.Parse(address))],
        },
        65535);

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _sockets.Dispose();
        _ending.Dispose();
    }

    private async Task ServeUdpAsync()
    {
        byte[] buffer = new byte[4096];
        while (true)
        {
            SocketReceiveFromResult received = await _sockets.Udp.ReceiveFromAsync(
                buffer, new IPEndPoint(IPAddress.Any, 0), _ending.Token);
            Interlocked.Increment(ref _udp);
            DnsReader.TryRead(buffer.AsSpan(0, received.ReceivedBytes), out DnsMessage query);
            foreach (byte[] answer in Answer(query, false))
            {
                await _sockets.Udp.SendToAsync(answer, received.RemoteEndPoint, _ending.Token);
            }
        }
    }

    private async Task ServeTcpAsync()
    {
        while (true)
        {
            using Socket connection = await _sockets.Tcp.AcceptAsync(_ending.Token);
            await using var stream = new NetworkStream(connection);
            if (await TcpFrame.ReadAsync(stream, _ending.Token) is { } octets)
            {
                Interlocked.Increment(ref _tcp);
                DnsReader.TryRead(octets, out DnsMessage query);
                foreach (byte[] answer in Answer(query, true))
                {
                    await stream.WriteAsync(TcpFrame.Wrap(answer), _ending.Token);
                }
            }
        }
    }
}
