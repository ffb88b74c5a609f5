using System.Net;
using MiniPlane.Workloads.Backends;

namespace MiniPlane.Workloads.Addresses;

/// <summary>The allocator that suits backend and options, decided when the first pod asks.</summary>
internal sealed class PodAddresses(IWorkloadBackend backend, WorkloadsOptions options) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private IPodAddressAllocator? _allocator;

    public async ValueTask<IPodAddressAllocator> GetAsync(CancellationToken cancellationToken)
    {
        if (_allocator is { } known)
        {
            return known;
        }

        await _turn.WaitAsync(cancellationToken);
        try
        {
            bool isLoopback = options.PodNetwork == PodNetworkMode.Loopback
                || (options.PodNetwork == PodNetworkMode.Auto && await backend.RunsOnThisHostAsync(cancellationToken));
            return _allocator ??= isLoopback ? new RangeAddresses(IPNetwork.Parse(options.LoopbackRange)) : new NodeAddresses();
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();
}
