using System.Net;
using System.Net.Sockets;

namespace MiniPlane.Conformance.Tests.Rig;

/// <summary>
/// A network between two hosts of one machine: passes connections on to a port of this host, and while it is cut swallows nothing and
/// delivers nothing, as when packets are lost and sent again later.
/// </summary>
internal sealed class TcpRelay : IAsyncDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private readonly TcpListener _listener;
    private readonly int _target;
    private readonly Task _accepting;
    private volatile TaskCompletionSource _open = new();

    /// <param name="target">The port that connections go on to.</param>
    /// <param name="address">Where it listens; loopback by default.</param>
    public TcpRelay(int target, IPAddress? address = null)
    {
        _listener = new TcpListener(address ?? IPAddress.Loopback, 0);
        _target = target;
        _open.SetResult();
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How many connections came so far.</summary>
    public int Connections { get; private set; }

    public void Cut() => _open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Mend() => _open.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        Mend();
        await _ending.CancelAsync();
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _listener.Dispose();
        _ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                Socket near = await _listener.AcceptSocketAsync(_ending.Token);
                Connections++;
                connections.Add(ConnectAsync(near));
            }
        }
        finally
        {
            await Task.WhenAll(connections).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ConnectAsync(Socket near)
    {
        using Socket from = near;
        using Socket to = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await _open.Task.WaitAsync(_ending.Token);
        await to.ConnectAsync(IPAddress.Loopback, _target, _ending.Token);
        await Task.WhenAll(PassAsync(from, to), PassAsync(to, from));
    }

    private async Task PassAsync(Socket from, Socket to)
    {
        byte[] buffer = new byte[16 * 1024];
        try
        {
            int read;
            while ((read = await from.ReceiveAsync(buffer, _ending.Token)) > 0)
            {
                await _open.Task.WaitAsync(_ending.Token);
                await to.SendAsync(buffer.AsMemory(0, read), _ending.Token);
            }

            await _open.Task.WaitAsync(_ending.Token);
            to.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // One end is gone: the other hears of it.
            from.Close();
            to.Close();
        }
    }
}
