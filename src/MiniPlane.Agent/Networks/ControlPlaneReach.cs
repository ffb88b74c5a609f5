using System.Net.Sockets;

namespace MiniPlane.Agent.Networks;

/// <summary>Whether the control plane can be reached from here.</summary>
internal static class ControlPlaneReach
{
    private static readonly TimeSpan OneTry = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>Tries until one of the endpoints takes a connection, or the time is over.</summary>
    public static async Task<bool> WaitAsync(IReadOnlyList<string> endpoints, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        long begin = time.GetTimestamp();
        while (true)
        {
            foreach (string endpoint in endpoints)
            {
                if (await TryAsync(new Uri(endpoint), time, cancellationToken))
                {
                    return true;
                }
            }

            if (time.GetElapsedTime(begin) + Pause > limit)
            {
                return false;
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    private static async Task<bool> TryAsync(Uri endpoint, TimeProvider time, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = new(OneTry, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(endpoint.IdnHost, endpoint.Port, either.Token);
            return true;
        }
        catch (Exception exception) when (exception is SocketException || (exception is OperationCanceledException && limit.IsCancellationRequested))
        {
            return false;
        }
    }
}
