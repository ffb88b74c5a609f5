using System.Globalization;
using MiniPlane.Workloads.Backends;

namespace MiniPlane.Workloads.Dispatch;

/// <summary>The site's limit on jobs of one cluster: a pod beyond it waits until another's job has ended.</summary>
internal sealed class JobQuota(JobBoard board, PodLedger ledger, WorkloadsOptions options)
{
    // Guards the fields below. Held for memory work only.
    private readonly Lock _gate = new();
    private readonly HashSet<string> _onTheirWay = new(StringComparer.Ordinal);

    // The look at the queue that left no place. Thousands of pods may wait, and count again only after the next look.
    private DateTimeOffset? _fullAt;

    /// <summary>Takes a place for a pod that is to be submitted now; <see cref="Leave"/> must follow. False when there is none.</summary>
    public bool TryEnter(string podUid, out string why)
    {
        why = "";
        DateTimeOffset? asked = board.AskedAt;
        if (options.Site.Limits.Jobs is not { } most)
        {
            return true;
        }

        lock (_gate)
        {
            // One that waits for others of its array has its place already, however full it is for those that come after.
            if (_onTheirWay.Contains(podUid))
            {
                return true;
            }

            if (asked is not null && asked == _fullAt)
            {
                why = Full(most);
                return false;
            }

            HashSet<string> there = [.. _onTheirWay.Where(IsWanted), .. Submitted(asked), .. board.All.Where(job => job.PodUid.Length > 0 && !job.State.IsEnded()).Select(job => job.PodUid)];
            if (there.Count < most || there.Contains(podUid))
            {
                _onTheirWay.Add(podUid);
                return true;
            }

            _fullAt = asked;
        }

        why = Full(most);
        return false;
    }

    public void Leave(string podUid)
    {
        lock (_gate)
        {
            _onTheirWay.Remove(podUid);
        }
    }

    // One that was deleted while it waited to be submitted leaves nothing but its name behind.
    private bool IsWanted(string uid) => ledger.Find(uid) is { IsGone: false } entry && !entry.Document.Metadata.IsBeingDeleted;

    // Those that the last look at the queue cannot have shown.
    private IEnumerable<string> Submitted(DateTimeOffset? asked) =>
        ledger.All.Where(entry => entry.JobId is not null && !entry.IsGone && (asked is null || entry.SubmittedAt >= asked)).Select(entry => entry.Uid);

    private static string Full(long most) =>
        string.Create(CultureInfo.InvariantCulture, $"this site allows {most} jobs at a time (limits.jobs)");
}
