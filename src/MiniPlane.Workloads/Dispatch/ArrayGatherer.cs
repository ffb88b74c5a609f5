using MiniPlane.Workloads.Backends;

namespace MiniPlane.Workloads.Dispatch;

/// <summary>
/// Gathers pods of one Indexed Job that ask for the same, for a moment, and submits them as one job array. Nobody waits inside: a pod
/// is told when to ask again, and one of those that ask then submits for all.
/// </summary>
internal sealed class ArrayGatherer(IWorkloadBackend backend, TimeProvider time)
{
    /// <summary>Fewer pods than this are jobs of their own.</summary>
    public const int Fewest = 4;

    private const int Most = 1000;
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(5);

    // Guards the two fields below. Held for memory work only.
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Group> _groups = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (SubmitOutcome? Outcome, DateTimeOffset At)> _results = new(StringComparer.Ordinal);

    /// <summary>What became of the pod; no outcome and no wait: it is to be submitted by itself.</summary>
    public async ValueTask<(SubmitOutcome? Outcome, TimeSpan Wait)> SubmitAsync(
        JobRequest request, string group, CancellationToken cancellationToken)
    {
        IReadOnlyList<JobRequest> taken;
        lock (_gate)
        {
            if (_results.Remove(request.PodUid, out (SubmitOutcome? Outcome, DateTimeOffset At) result))
            {
                return (result.Outcome, TimeSpan.Zero);
            }

            if (Take(request, group) is not { } all)
            {
                return (null, Quiet);
            }

            taken = all;
        }

        IReadOnlyList<SubmitOutcome>? outcomes = taken.Count < Fewest ? null : await backend.SubmitArrayAsync(taken, cancellationToken);
        DateTimeOffset now = time.GetUtcNow();
        lock (_gate)
        {
            foreach (string old in _results.Where(entry => now - entry.Value.At > Forgotten).Select(entry => entry.Key).ToArray())
            {
                _results.Remove(old);
            }

            for (int i = 0; i < taken.Count; i++)
            {
                _results[taken[i].PodUid] = (outcomes?[i], now);
            }

            _results.Remove(request.PodUid, out (SubmitOutcome? Outcome, DateTimeOffset At) own);
            return (own.Outcome, TimeSpan.Zero);
        }
    }

    /// <summary>The group's pods when the moment has passed, else null. Called with the lock held.</summary>
    private List<JobRequest>? Take(JobRequest request, string name)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (!_groups.TryGetValue(name, out Group? group))
        {
            _groups[name] = group = new Group(now);
        }

        if (group.Pods.TryAdd(request.PodUid, request))
        {
            group.Last = now;
        }

        if (group.Pods.Count < Most && now - group.Last < Quiet && now - group.First < Longest)
        {
            return null;
        }

        _groups.Remove(name);
        return [.. group.Pods.Values];
    }

    private sealed class Group(DateTimeOffset first)
    {
        public DateTimeOffset First { get; } = first;

        public DateTimeOffset Last { get; set; } = first;

        public Dictionary<string, JobRequest> Pods { get; } = new(StringComparer.Ordinal);
    }
}
