namespace MiniPlane.Objects.Cluster;

/// <summary>
/// A two-way stream into a pod. Channels are those of the Kubernetes remote command protocol: 0 stdin, 1 stdout, 2 stderr,
/// 3 error (a Status, last), 4 resize (JSON Width and Height). For port-forward 0 is to the pod and 1 from it.
/// </summary>
public interface IPodStream : IAsyncDisposable
{
    ValueTask WriteAsync(byte channel, ReadOnlyMemory<byte> data, CancellationToken cancellationToken);

    /// <summary>Tells the pod that no more comes on a channel (stdin's end).</summary>
    ValueTask CloseChannelAsync(byte channel, CancellationToken cancellationToken);

    /// <summary>What the pod sends, in order, until it ends the stream.</summary>
    IAsyncEnumerable<(byte Channel, ReadOnlyMemory<byte> Data)> ReadAllAsync(CancellationToken cancellationToken);
}
