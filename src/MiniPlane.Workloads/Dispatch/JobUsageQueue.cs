using System.Collections.Concurrent;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Workloads.Dispatch;

/// <summary>Ended pods whose jobs' usage is still to be asked for. Full means that the oldest questions wait long already: new ones are dropped.</summary>
internal sealed class JobUsageQueue
{
    private const int Most = 10_000;
    private readonly ConcurrentQueue<(ObjectKey Pod, string Uid, string JobId, int Tries)> _jobs = new();

    public void Add(ObjectKey pod, string uid, string jobId, int tries = 0)
    {
        if (_jobs.Count < Most)
        {
            _jobs.Enqueue((pod, uid, jobId, tries));
        }
    }

    public IReadOnlyList<(ObjectKey Pod, string Uid, string JobId, int Tries)> Take(int most)
    {
        var taken = new List<(ObjectKey, string, string, int)>();
        while (taken.Count < most && _jobs.TryDequeue(out (ObjectKey, string, string, int) job))
        {
            taken.Add(job);
        }

        return taken;
    }
}
