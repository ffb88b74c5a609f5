using System.Text;
using System.Threading.Channels;
using MiniPlane.Wire.Logs;

namespace MiniPlane.Agent.Pods;

/// <summary>
/// Hands a container's output to those attached to it, beside the log. One that cannot keep up loses output, as kubelet's attach
/// over a slow line does; the container never waits.
/// </summary>
internal sealed class OutputFan
{
    private const int QueueLength = 256;
    private const int HeadBytes = 4096;
    private const string EnterName = "nsenter: ";

    // Guards _listeners and _head. Held for memory work only.
    private readonly Lock _gate = new();
    private readonly List<Channel<(LogStream Stream, byte[] Data)>> _listeners = [];
    private readonly List<byte> _head = [];

    /// <summary>The beginning of what the program wrote to its standard error.</summary>
    public string FirstErrors
    {
        get
        {
            lock (_gate)
            {
                return Encoding.UTF8.GetString([.. _head]);
            }
        }
    }

    /// <summary>What nsenter says first when it cannot run the program; null when something else was said.</summary>
    public string? StartError
    {
        get
        {
            string text = FirstErrors.Trim();
            return text.StartsWith(EnterName, StringComparison.Ordinal) ? text[EnterName.Length..] : null;
        }
    }

    public void Write(LogStream stream, ReadOnlySpan<byte> data)
    {
        lock (_gate)
        {
            if (stream == LogStream.Stderr && _head.Count < HeadBytes)
            {
                _head.AddRange(data[..Math.Min(data.Length, HeadBytes - _head.Count)]);
            }

            if (_listeners.Count > 0)
            {
                byte[] copy = data.ToArray();
                _listeners.ForEach(listener => listener.Writer.TryWrite((stream, copy)));
            }
        }
    }

    public Channel<(LogStream Stream, byte[] Data)> Listen()
    {
        var listener = Channel.CreateBounded<(LogStream Stream, byte[] Data)>(
            new BoundedChannelOptions(QueueLength) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (_gate)
        {
            _listeners.Add(listener);
        }

        return listener;
    }

    public void Leave(Channel<(LogStream Stream, byte[] Data)> listener)
    {
        lock (_gate)
        {
            _listeners.Remove(listener);
        }

        listener.Writer.TryComplete();
    }

    /// <summary>The run is over: those attached get the end.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            _listeners.ForEach(listener => listener.Writer.TryComplete());
            _listeners.Clear();
        }
    }
}
