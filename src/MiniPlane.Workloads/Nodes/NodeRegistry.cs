using MiniPlane.Workloads.Backends;

namespace MiniPlane.Workloads.Nodes;

/// <summary>The virtual nodes by name, and the partitions behind them; swapped as a whole.</summary>
internal sealed class NodeRegistry : IDisposable
{
    private IReadOnlyDictionary<string, PartitionInfo> _byNode = new Dictionary<string, PartitionInfo>(StringComparer.Ordinal);
    private CancellationTokenSource _changed = new();

    /// <summary>Cancelled when a node that was not there before has come.</summary>
    public CancellationToken Changed => Volatile.Read(ref _changed).Token;

    public IReadOnlyDictionary<string, PartitionInfo> ByNode => Volatile.Read(ref _byNode);

    public PartitionInfo? Find(string nodeName) => ByNode.GetValueOrDefault(nodeName);

    public void Show(IReadOnlyDictionary<string, PartitionInfo> byNode)
    {
        IReadOnlyDictionary<string, PartitionInfo> before = Interlocked.Exchange(ref _byNode, byNode);
        if (byNode.Keys.Any(name => !before.ContainsKey(name)))
        {
            CancellationTokenSource old = Interlocked.Exchange(ref _changed, new CancellationTokenSource());
            old.Cancel();
        }
    }

    public void Dispose() => _changed.Dispose();
}
