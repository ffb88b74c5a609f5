using Microsoft.Extensions.Logging;
using MiniPlane.Workloads.Backends;

namespace MiniPlane.Workloads.Dispatch;

/// <summary>
/// Removes directories of pods that went away while nobody looked, and the logs of deleted pods whose time is over. A directory whose
/// job still runs is kept until that is over, and one that is young may belong to a pod that was just made.
/// </summary>
internal sealed partial class LeftoverFiles(PodFiles files, KeptLogs logs, PodLedger ledger, ILogger<LeftoverFiles> logger, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Young = TimeSpan.FromMinutes(1);

    private DateTimeOffset _next;

    /// <summary>Looks again when it is time to. The jobs are those of a list that was just made.</summary>
    public void Sweep(IReadOnlyList<JobStatus> jobs)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (!ledger.IsComplete || now < _next)
        {
            return;
        }

        _next = now + Pause;
        HashSet<string> active = [.. jobs.Where(job => !job.State.IsEnded()).Select(job => job.PodUid)];
        foreach (string uid in files.List().Where(uid => !ledger.Exists(uid) && !active.Contains(uid) && now - files.ChangedAt(uid) > Young))
        {
            logs.Keep(files.DirectoryOf(uid), uid, pod: null);
            LogRemoved(logger, uid, files.Remove(uid));
        }

        logs.Sweep();
    }

    [LoggerMessage(5035, LogLevel.Information, "The files of pod {PodUid}, which is gone, are removed: {IsRemoved}")]
    private static partial void LogRemoved(ILogger logger, string podUid, bool isRemoved);
}
