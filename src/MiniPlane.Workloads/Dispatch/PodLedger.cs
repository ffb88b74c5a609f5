using System.Collections.Concurrent;

namespace MiniPlane.Workloads.Dispatch;

/// <summary>All pods on our nodes, by uid; and which pods there are at all.</summary>
internal sealed class PodLedger
{
    private readonly ConcurrentDictionary<string, PodEntry> _entries = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte> _existing = new(StringComparer.Ordinal);
    private volatile bool _isComplete;

    /// <summary>Whether all pods that existed at the start are here, so that a job without a pod is an orphan.</summary>
    public bool IsComplete
    {
        get => _isComplete;
        set => _isComplete = value;
    }

    public ICollection<PodEntry> All => _entries.Values;

    public PodEntry? Find(string uid) => _entries.GetValueOrDefault(uid);

    /// <summary>Whether the cluster has this pod, on whatever node, or has had it and its end is not yet dealt with.</summary>
    public bool Exists(string uid) => _existing.ContainsKey(uid) || _entries.ContainsKey(uid);

    public void SetExists(string uid, bool exists)
    {
        if (exists)
        {
            _existing[uid] = 0;
        }
        else
        {
            _existing.TryRemove(uid, out _);
        }
    }

    public IReadOnlyCollection<string> Existing => [.. _existing.Keys];

    public void Add(PodEntry entry) => _entries[entry.Uid] = entry;

    public void Remove(string uid) => _entries.TryRemove(uid, out _);
}
