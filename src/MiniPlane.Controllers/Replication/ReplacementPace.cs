using System.Collections.Concurrent;

namespace MiniPlane.Controllers.Replication;

/// <summary>
/// Slows down the replacement of pods that end again and again: at once the first time, then after 1 s, doubled each time up to 15
/// minutes, forgotten after twice that (upstream's back-off for failed daemon pods). Kept in memory only: a restart of the control
/// plane costs one quick replacement.
/// </summary>
internal sealed class ReplacementPace(TimeProvider time)
{
    private const int MostRemembered = 20_000;
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>Zero when a pod of this name may be replaced now, which is noted; else the time to wait.</summary>
    public TimeSpan Next(string key)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (_entries.Count >= MostRemembered)
        {
            Forget(now);
        }

        if (_entries.TryGetValue(key, out Entry? entry) && now - entry.Last <= Longest * 2)
        {
            TimeSpan left = entry.Last + entry.Delay - now;
            if (left > TimeSpan.Zero)
            {
                return left;
            }

            TimeSpan doubled = entry.Delay * 2;
            _entries[key] = new Entry(now, doubled < Longest ? doubled : Longest);
        }
        else
        {
            _entries[key] = new Entry(now, First);
        }

        return TimeSpan.Zero;
    }

    private void Forget(DateTimeOffset now)
    {
        foreach ((string key, Entry entry) in _entries)
        {
            if (now - entry.Last > Longest * 2)
            {
                _entries.TryRemove(key, out _);
            }
        }
    }

    private sealed record Entry(DateTimeOffset Last, TimeSpan Delay);
}
