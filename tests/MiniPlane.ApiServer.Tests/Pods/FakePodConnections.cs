using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Channels;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Errors;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Tests.Pods;

/// <summary>A node whose containers echo: the log says what was asked, a command gives back its input in upper case.</summary>
internal sealed class FakePodConnections : IPodConnections
{
    public PodLogQuery? LastLogQuery { get; private set; }

    public PodStreamRequest? LastStream { get; private set; }

    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadLogAsync(
        ObjectDocument pod, PodLogQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        LastLogQuery = query;
        await Task.Yield();
        yield return Encoding.UTF8.GetBytes("one\n");
        yield return Encoding.UTF8.GetBytes("two\n");
    }

    public ValueTask<IPodStream> OpenAsync(ObjectDocument pod, PodStreamRequest request, CancellationToken cancellationToken)
    {
        LastStream = request;
        return ValueTask.FromResult<IPodStream>(new EchoStream(request.Container == "b" ? ApiErrors.BadRequest("container b is not running") : null));
    }

    /// <param name="refusal">What the pod's side says instead of an output.</param>
    private sealed class EchoStream(ApiException? refusal) : IPodStream
    {
        private readonly Channel<(byte, ReadOnlyMemory<byte>)> _output =
            Channel.CreateBounded<(byte, ReadOnlyMemory<byte>)>(16);

        public async ValueTask WriteAsync(byte channel, ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
            await _output.Writer.WriteAsync(
                (1, Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(data.Span).ToUpperInvariant())), cancellationToken);

        public async ValueTask CloseChannelAsync(byte channel, CancellationToken cancellationToken)
        {
            await _output.Writer.WriteAsync((3, """{"metadata":{},"status":"Success"}"""u8.ToArray()), cancellationToken);
            _output.Writer.Complete();
        }

        public IAsyncEnumerable<(byte Channel, ReadOnlyMemory<byte> Data)> ReadAllAsync(CancellationToken cancellationToken) =>
            refusal is null ? _output.Reader.ReadAllAsync(cancellationToken) : throw refusal;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
