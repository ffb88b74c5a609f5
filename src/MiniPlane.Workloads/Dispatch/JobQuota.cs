using System.Globalization;
using MiniPlane.Workloads.Backends;

namespace MiniPlane.Workloads.Dispatch;

/// <summary>The site's limit on jobs of one cluster: a pod beyond it waits until another's job has ended.</summary>
internal sealed class JobQuota(JobBoard board, PodLedger ledger, WorkloadsOptions options)
{
    // Guards the set below. Held for memory work only.
    private readonly Lock _gate = new();
    private readonly HashSet<string> _onTheirWay = new(StringComparer.Ordinal);

    /// <summary>Takes a place for a pod that is to be submitted now; <see cref="Leave"/> must follow. False when there is none.</summary>
    public bool TryEnter(string podUid, out string why)
    {
        why = "";
        if (options.Site.Limits.Jobs is not { } most)
        {
            return true;
        }

        lock (_gate)
        {
            HashSet<string> there = [.. _onTheirWay, .. Submitted(), .. board.All.Where(job => job.PodUid.Length > 0 && !job.State.IsEnded()).Select(job => job.PodUid)];
            if (there.Count < most || there.Contains(podUid))
            {
                _onTheirWay.Add(podUid);
                return true;
            }
        }

        why = string.Create(CultureInfo.InvariantCulture, $"this site allows {most} jobs at a time (limits.jobs)");
        return false;
    }

    public void Leave(string podUid)
    {
        lock (_gate)
        {
            _onTheirWay.Remove(podUid);
        }
    }

    // Those that the last look at the queue cannot have shown.
    private IEnumerable<string> Submitted()
    {
        DateTimeOffset? asked = board.AskedAt;
        return ledger.All.Where(entry => entry.JobId is not null && !entry.IsGone && (asked is null || entry.SubmittedAt >= asked)).Select(entry => entry.Uid);
    }
}
