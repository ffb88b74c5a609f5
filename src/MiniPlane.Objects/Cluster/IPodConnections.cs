using MiniPlane.Objects.Documents;

namespace MiniPlane.Objects.Cluster;

/// <summary>
/// What a kubelet's server does for the API server: streams into a running pod. Implemented over the agents' outbound streams.
/// Errors are <see cref="Errors.ApiException"/>: NotFound (no such container), BadRequest (container not started), ServiceUnavailable (no agent).
/// </summary>
public interface IPodConnections
{
    /// <summary>Log bytes of one container; with <see cref="PodLogQuery.Follow"/> until the container ends.</summary>
    IAsyncEnumerable<ReadOnlyMemory<byte>> ReadLogAsync(
        ObjectDocument pod, PodLogQuery query, CancellationToken cancellationToken);

    /// <summary>Opens a two-way stream (exec, attach, port-forward).</summary>
    ValueTask<IPodStream> OpenAsync(ObjectDocument pod, PodStreamRequest request, CancellationToken cancellationToken);
}
