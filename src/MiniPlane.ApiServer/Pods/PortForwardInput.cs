using System.Threading.Channels;
using MiniPlane.Objects.Cluster;

namespace MiniPlane.ApiServer.Pods;

/// <summary>The client's half of a forwarded connection.</summary>
internal static class PortForwardInput
{
    /// <summary>Carries what the client sends to the pod, and then its end, which the program in the pod sees as the end of its input.</summary>
    public static async Task FeedAsync(ChannelReader<ReadOnlyMemory<byte>> source, IPodStream pod, CancellationToken cancellationToken)
    {
        await foreach (ReadOnlyMemory<byte> bytes in source.ReadAllAsync(cancellationToken))
        {
            await pod.WriteAsync(0, bytes, cancellationToken);
        }

        await pod.CloseChannelAsync(0, cancellationToken);
    }
}
