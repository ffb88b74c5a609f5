using Microsoft.Extensions.Logging;
using MiniPlane.Objects.Loops;
using MiniPlane.Workloads.Backends;

namespace MiniPlane.Workloads.Dispatch;

/// <summary>
/// Asks the backend for all jobs in one call, again and again: each second while something was just submitted or cancelled,
/// at the set interval while jobs are active, seldom when nothing is; with growing pauses while it does not answer. Jobs of
/// this cluster whose pod is gone are cancelled.
/// </summary>
internal sealed partial class JobPoller(
    IWorkloadBackend backend, JobBoard board, PodLedger ledger, DelayedQueue queue, SubmissionGate gate, LeftoverFiles leftovers, WorkloadsOptions options, ILogger<JobPoller> logger, TimeProvider time)
    : BackgroundLoop(logger, time)
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Seldom = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan OrphanPatience = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, DateTimeOffset> _orphans = new(StringComparer.Ordinal);
    private int _failures;

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            DateTimeOffset asked = Time.GetUtcNow();
            await PollAsync(asked, cancellationToken);
            do
            {
                await Task.Delay(Step, Time, cancellationToken);
            }
            while (Time.GetUtcNow() - asked < NextPause());
        }
    }

    /// <summary>One round.</summary>
    internal async Task PollAsync(DateTimeOffset asked, CancellationToken cancellationToken)
    {
        switch (await backend.ListJobsAsync(cancellationToken))
        {
            case JobsOutcome.Listed listed:
                if (_failures > 0)
                {
                    LogBack(logger, backend.Name);
                }

                _failures = 0;
                IReadOnlyList<JobStatus> changed = board.Show(listed.Jobs, asked);
                foreach (JobStatus job in changed)
                {
                    queue.Add(job.PodUid);
                }

                FillRoom(changed.Count(job => (board.Find(job.JobId)?.State.IsEnded()) ?? !job.State.IsEnded()));

                await CancelOrphansAsync(listed.Jobs, asked, cancellationToken);
                leftovers.Sweep(listed.Jobs);
                break;
            case JobsOutcome.Unavailable unavailable:
                if (_failures++ == 0)
                {
                    LogAway(logger, backend.Name, unavailable.Message);
                }

                board.Trouble = unavailable.Message;
                break;
        }
    }

    /// <summary>
    /// Where jobs have ended, as many of the pods that wait for a limit try again now, the oldest first. No more than that: what
    /// the limit still refuses costs at most one submission per ended job.
    /// </summary>
    private void FillRoom(int places)
    {
        string[] next = places <= 0 ? [] :
        [
            .. ledger.All
                .Where(entry => entry is { IsLimitTold: true, JobId: null, IsGone: false })
                .OrderBy(entry => entry.Document.Metadata.CreationTimestamp)
                .Take(places)
                .Select(entry => entry.Uid),
        ];
        if (next.Length > 0)
        {
            gate.MakeRoom();
        }

        foreach (string uid in next)
        {
            queue.Add(uid);
        }
    }

    private TimeSpan NextPause()
    {
        if (_failures > 0)
        {
            return TimeSpan.FromSeconds(Math.Min(60, 1 << Math.Min(_failures, 6)));
        }

        if (!backend.RunsAgents)
        {
            // Asking costs nothing, and nobody else tells when a pod has started.
            return Step;
        }

        if (board.IsHurried)
        {
            return Soon < options.PollInterval ? Soon : options.PollInterval;
        }

        bool isActive = board.All.Any(job => !job.State.IsEnded());
        return isActive || options.PollInterval > Seldom ? options.PollInterval : Seldom;
    }

    /// <summary>
    /// A job whose pod does not exist is cancelled, but only when it was seen so for a while: the pod's object may have been
    /// written in a moment that this process has not seen yet.
    /// </summary>
    private async Task CancelOrphansAsync(IReadOnlyList<JobStatus> jobs, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!ledger.IsComplete)
        {
            return;
        }

        JobStatus[] orphans = [.. jobs.Where(job => !job.State.IsEnded() && !ledger.Exists(job.PodUid))];
        HashSet<string> ids = [.. orphans.Select(job => job.JobId)];
        foreach (string id in _orphans.Keys.Where(id => !ids.Contains(id)).ToArray())
        {
            _orphans.Remove(id);
        }

        foreach (JobStatus orphan in orphans)
        {
            if (!_orphans.TryAdd(orphan.JobId, now) && now - _orphans[orphan.JobId] >= OrphanPatience)
            {
                LogOrphan(logger, orphan.JobId, orphan.PodUid);
                await backend.CancelAsync(orphan.JobId, CancelMode.Kill, cancellationToken);
                _orphans[orphan.JobId] = now;
            }
        }
    }

    [LoggerMessage(5001, LogLevel.Warning, "{Backend} does not answer: {Message}")]
    private static partial void LogAway(ILogger logger, string backend, string message);

    [LoggerMessage(5002, LogLevel.Information, "{Backend} answers again")]
    private static partial void LogBack(ILogger logger, string backend);

    [LoggerMessage(5003, LogLevel.Warning, "Job {JobId} belongs to pod {PodUid}, which is gone: cancelled")]
    private static partial void LogOrphan(ILogger logger, string jobId, string podUid);
}
