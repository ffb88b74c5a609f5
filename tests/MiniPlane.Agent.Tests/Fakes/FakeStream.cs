using System.Text;
using MiniPlane.Wire.Agent;

namespace MiniPlane.Agent.Tests.Fakes;

/// <summary>What came out of one stream.</summary>
internal sealed class FakeStream(ulong id)
{
    private readonly TaskCompletionSource<StreamClosed> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<uint, List<byte>> _channels = [];

    public ulong Id => id;

    public Task<StreamClosed> Closed => _closed.Task;

    public string Output => Text(1);

    public string Errors => Text(2);

    public string Status => Text(3);

    public void Take(StreamData data)
    {
        lock (_channels)
        {
            if (!_channels.TryGetValue(data.Channel, out List<byte>? bytes))
            {
                _channels[data.Channel] = bytes = [];
            }

            bytes.AddRange(data.Data.Span);
        }
    }

    public void End(StreamClosed closed) => _closed.TrySetResult(closed);

    private string Text(uint channel)
    {
        lock (_channels)
        {
            return _channels.TryGetValue(channel, out List<byte>? bytes) ? Encoding.UTF8.GetString([.. bytes]) : "";
        }
    }
}
