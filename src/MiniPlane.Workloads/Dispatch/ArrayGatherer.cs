using MiniPlane.Workloads.Backends;

namespace MiniPlane.Workloads.Dispatch;

/// <summary>
/// Gathers pods of one Indexed Job that ask for the same, for a moment, and submits them as one job array. Nobody waits inside: a pod
/// is told when to ask again, and one of those that ask then submits for all.
/// </summary>
internal sealed class ArrayGatherer(IWorkloadBackend backend, SubmissionGate gate, TimeProvider time)
{
    /// <summary>Fewer pods than this are jobs of their own.</summary>
    public const int Fewest = 4;

    private const int Most = 1000;
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(5);

    // Guards the three fields below. Held for memory work only.
    private readonly Lock _gate = new();
    private readonly HashSet<string> _inFlight = new(StringComparer.Ordinal);
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

            // On its way in an array whose answer is not there yet, which may take long: nothing else may submit it meanwhile.
            if (_inFlight.Contains(request.PodUid) || !IsFull(Join(request, group)))
            {
                return (null, Quiet);
            }

            // All of them are one submission.
            if (gate.Enter() is { Ticks: > 0 } closed)
            {
                return (null, closed);
            }

            _groups.Remove(group, out Group? all);
            taken = [.. all!.Pods.Values.Take(Most)];
            _inFlight.UnionWith(taken.Select(pod => pod.PodUid));
        }

        try
        {
            IReadOnlyList<SubmitOutcome>? outcomes = taken.Count < Fewest ? null : await backend.SubmitArrayAsync(taken, cancellationToken);
            return (Tell(request, taken, outcomes), TimeSpan.Zero);
        }
        finally
        {
            lock (_gate)
            {
                _inFlight.ExceptWith(taken.Select(pod => pod.PodUid));
            }
        }
    }

    /// <summary>Puts down what became of the others, and returns what became of the one that asked.</summary>
    private SubmitOutcome? Tell(JobRequest request, IReadOnlyList<JobRequest> taken, IReadOnlyList<SubmitOutcome>? outcomes)
    {
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
            return own.Outcome;
        }
    }

    /// <summary>The pod's group, with the pod in it. Called with the lock held.</summary>
    private Group Join(JobRequest request, string name)
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

        return group;
    }

    /// <summary>Whether the moment has passed, or no more fit in.</summary>
    private bool IsFull(Group group)
    {
        DateTimeOffset now = time.GetUtcNow();
        return group.Pods.Count >= Most || now - group.Last >= Quiet || now - group.First >= Longest;
    }

    private sealed class Group(DateTimeOffset first)
    {
        public DateTimeOffset First { get; } = first;

        public DateTimeOffset Last { get; set; } = first;

        public Dictionary<string, JobRequest> Pods { get; } = new(StringComparer.Ordinal);
    }
}
