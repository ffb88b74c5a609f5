using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using MiniPlane.Objects.Documents;
using MiniPlane.Workloads.Agents;
using MiniPlane.Workloads.Backends;
using MiniPlane.Workloads.Status;

namespace MiniPlane.Workloads.Dispatch;

/// <summary>Brings what Slurm says about a pod's job into the pod.</summary>
internal sealed partial class PodFollowing(
    IWorkloadBackend backend, JobBoard board, AgentHub hub, PodFiles files, PodStatusWriter statuses, PodEvents events,
    ILogger<PodFollowing> logger, TimeProvider time)
{
    private static readonly TimeSpan LastReportPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The pod's job, which an earlier process may have submitted; null when it has none. Of several it is the one that took the pod's
    /// directory: no other runs anything.
    /// </summary>
    public string? ChooseJob(PodEntry entry)
    {
        IReadOnlyList<JobStatus> jobs = board.AllOfPod(entry.Uid);
        if (entry.JobId is not null && jobs.Count < 2)
        {
            return entry.JobId;
        }

        string? taken = files.ReadJobId(entry.Uid);
        bool isKnown = taken is not null && (entry.JobId is null || jobs.Any(job => job.JobId == taken));
        return isKnown ? taken : entry.JobId ?? board.FindOfPod(entry.Uid)?.JobId;
    }

    /// <summary>
    /// Ends the jobs that a submission left whose answer was lost, and which was made again; not before one has taken the pod, since
    /// the others might at this moment.
    /// </summary>
    public async ValueTask CancelOthersAsync(PodEntry entry, CancellationToken cancellationToken)
    {
        JobStatus[] others = [.. board.AllOfPod(entry.Uid).Where(job => job.JobId != entry.JobId && !job.State.IsEnded())];
        if (others.Length == 0 || entry.JobId is not { } own || files.ReadJobId(entry.Uid) != own)
        {
            return;
        }

        foreach (JobStatus other in others)
        {
            LogSecond(logger, entry.Key.ToString(), own, other.JobId);
            await backend.CancelAsync(other.JobId, CancelMode.Kill, cancellationToken);
            board.Hurry();
        }
    }

    public async ValueTask<TimeSpan?> FollowAsync(PodEntry entry, ObjectDocument document, CancellationToken cancellationToken)
    {
        (JobStatus? job, TimeSpan? again) = await FindJobAsync(entry, cancellationToken);
        if (job is null)
        {
            return again;
        }

        if (job.Restarts > entry.Restarts && entry.LastTold.Length > 0)
        {
            await events.WarningAsync(document, "JobRequeued", $"Slurm put job {job.JobId} back into the queue", cancellationToken);
        }

        entry.Restarts = job.Restarts;
        hub.SetLife(entry.Uid, job.Restarts);
        if (job.State.IsEnded() && backend.RunsAgents)
        {
            return await TakeEndAsync(entry, document, job, cancellationToken);
        }

        entry.JobEndSeenAt = null;
        entry.TimeLimitAt = job.State == JobState.Running ? job.EndTime : entry.TimeLimitAt;
        if (TimeLimits.LeftOf(document.ToJson(), job, time.GetUtcNow()) is { } left)
        {
            return left > TimeSpan.Zero
                ? Earlier(left, await FollowRunningAsync(entry, document, job, cancellationToken))
                : await EndByDeadlineAsync(entry, job, cancellationToken);
        }

        return await FollowRunningAsync(entry, document, job, cancellationToken);
    }

    /// <summary>When to come back: whichever is sooner.</summary>
    private static TimeSpan Earlier(TimeSpan left, TimeSpan? other) => other is { } sooner && sooner < left ? sooner : left;

    /// <summary>
    /// The pod's own deadline is exact, Slurm's limit behind it counts in minutes (kubelet: activeDeadlineHandler).
    /// </summary>
    private async ValueTask<TimeSpan?> EndByDeadlineAsync(PodEntry entry, JobStatus job, CancellationToken cancellationToken)
    {
        await statuses.WriteAsync(entry.Key, entry.Uid, pod => TimeLimits.Fail(pod, time.GetUtcNow()), cancellationToken);
        if (!hub.TryStop(entry.Uid, TimeLimits.GraceSeconds(entry.Document.ToJson()), "the pod's deadline is over"))
        {
            await backend.CancelAsync(job.JobId, CancelMode.Terminate, cancellationToken);
        }

        return null;
    }

    private async ValueTask<TimeSpan?> FollowRunningAsync(
        PodEntry entry, ObjectDocument document, JobStatus job, CancellationToken cancellationToken)
    {
        JobVerdict verdict = backend.RunsAgents ? JobVerdicts.Of(job) : JobVerdicts.OfAgentless(job);
        await ApplyAsync(entry, document, verdict, job, cancellationToken);
        return await WatchSilenceAsync(entry, document, job, cancellationToken);
    }

    /// <summary>
    /// A job that runs without its agent being heard of. The pod counts as not ready then, as that of a node that is silent does
    /// (upstream's node-monitor-grace-period), until the agent is back; later it is told about once: mostly the way back to this host is
    /// barred.
    /// </summary>
    private async ValueTask<TimeSpan?> WatchSilenceAsync(PodEntry entry, ObjectDocument document, JobStatus job, CancellationToken cancellationToken)
    {
        AgentSession? session = hub.Find(entry.Uid);
        TimeSpan unheard = session is null ? TimeSpan.Zero : time.GetUtcNow() - session.HeardAt;
        if (!backend.RunsAgents || job.State != JobState.Running || (session is not null && unheard < Silence.UnreadyAfter))
        {
            entry.SilentSince = null;
            if (Silence.MayBeMarked(document))
            {
                await statuses.WriteAsync(entry.Key, entry.Uid, pod => Silence.Unmark(pod, time.GetUtcNow()), cancellationToken);
            }

            return session is null ? null : Silence.UnreadyAfter - unheard;
        }

        entry.SilentSince ??= time.GetUtcNow() - unheard;
        TimeSpan silent = time.GetUtcNow() - entry.SilentSince.Value;
        if (silent < Silence.UnreadyAfter)
        {
            return Silence.UnreadyAfter - silent;
        }

        await statuses.WriteAsync(entry.Key, entry.Uid, pod => Silence.Mark(pod, job.BatchHost, time.GetUtcNow()), cancellationToken);
        if (silent < Silence.ToldAfter)
        {
            return Silence.ToldAfter - silent;
        }

        if (!entry.IsSilenceTold)
        {
            entry.IsSilenceTold = true;
            string text = $"The agent on {job.BatchHost} is not connected; what it says is in {files.DirectoryOf(entry.Uid)}/slurm-{job.JobId}.out";
            await events.WarningAsync(document, Silence.Reason, text, cancellationToken);
        }

        return null;
    }

    /// <summary>
    /// The job is not on the board: it is too new for the last poll, or it left the queue's memory. The answer is the job, or
    /// when to ask again.
    /// </summary>
    public async ValueTask<(JobStatus? Job, TimeSpan? Again)> FindJobAsync(PodEntry entry, CancellationToken cancellationToken)
    {
        if (entry.JobId is not { } jobId)
        {
            return (null, null);
        }

        if (board.Find(jobId) is { } job && IsOf(entry, job))
        {
            return (job, null);
        }

        if (board.AskedAt is not { } asked || asked <= entry.SubmittedAt || board.Trouble.Length > 0)
        {
            return (null, Retry);
        }

        JobsOutcome outcome = await backend.FindJobAsync(jobId, cancellationToken);
        return outcome is not JobsOutcome.Listed { Jobs: [var found, ..] } ? (null, Retry)
            : IsOf(entry, found) ? (found, null)
            : (new JobStatus { JobId = jobId, State = JobState.Lost }, null);
    }

    /// <summary>Numbers come again, after 67 million jobs or when a cluster is made anew: another pod's job is not this pod's.</summary>
    private static bool IsOf(PodEntry entry, JobStatus job) => job.PodUid.Length == 0 || job.PodUid == entry.Uid;

    /// <summary>The pod has ended by its agent's account; Slurm may know why.</summary>
    public async ValueTask<TimeSpan?> AmendAsync(PodEntry entry, JobStatus job, CancellationToken cancellationToken)
    {
        JobVerdict? news = null;
        await statuses.WriteAsync(
            entry.Key,
            entry.Uid,
            pod =>
            {
                JobStatus known = TimeLimits.Recognize(pod, job, entry.TimeLimitAt);
                JobVerdict verdict = backend.RunsAgents ? JobVerdicts.Of(known) : JobVerdicts.OfAgentless(known);
                JsonObject status = JobStatusMerge.Apply(pod, verdict, known, time.GetUtcNow());
                news = status.Text("reason") == pod.Text("status", "reason") ? null : verdict;
                return status;
            },
            cancellationToken);
        if (news is not null)
        {
            await events.WarningAsync(entry.Document, news.EventReason, news.Message, cancellationToken);
        }

        return null;
    }

    /// <summary>Slurm says the job is over; its agent's last words are waited for, then looked for in its directory.</summary>
    private async ValueTask<TimeSpan?> TakeEndAsync(PodEntry entry, ObjectDocument document, JobStatus job, CancellationToken cancellationToken)
    {
        entry.JobEndSeenAt ??= time.GetUtcNow();
        TimeSpan waited = time.GetUtcNow() - entry.JobEndSeenAt.Value;
        if (hub.IsConnected(entry.Uid) && waited < LastReportPatience)
        {
            return TimeSpan.FromSeconds(1);
        }

        // A node that Slurm gave up, and that goes on: what runs there must not run beside its replacement.
        hub.TryStop(entry.Uid, TimeLimits.GraceSeconds(entry.Document.ToJson()), $"job {job.JobId} is over");
        if (files.ReadLastStatus(entry.Uid) is { } last)
        {
            await statuses.WriteAsync(
                entry.Key, entry.Uid, pod => AgentStatusMerge.Apply(pod, last, time.GetUtcNow()), cancellationToken);
        }

        JobStatus known = TimeLimits.Recognize(entry.Document.ToJson(), job, entry.TimeLimitAt);
        JobVerdict verdict = JobVerdicts.Of(known);
        if (known.State == JobState.Failed && files.ReadJobOutput(entry.Uid, job.JobId) is { Length: > 0 } output)
        {
            string tail = output.Length > 700 ? output[^700..] : output;
            verdict = verdict with { Message = $"{verdict.Message}: {tail}" };
        }

        await ApplyAsync(entry, document, verdict, job, cancellationToken);
        return null;
    }

    private async ValueTask ApplyAsync(
        PodEntry entry, ObjectDocument document, JobVerdict verdict, JobStatus job, CancellationToken cancellationToken)
    {
        // The last poll may be older than the agent: while it is connected the job runs, whatever the queue said then.
        if (verdict.Phase == "Pending" && !verdict.HasStarted && hub.IsConnected(entry.Uid))
        {
            return;
        }

        bool wasOver = false;
        await statuses.WriteAsync(
            entry.Key,
            entry.Uid,
            pod =>
            {
                wasOver = pod.Text("status", "phase") is "Succeeded" or "Failed";
                JsonObject status = JobStatusMerge.Apply(pod, verdict, job, time.GetUtcNow());
                return backend.RunsAgents ? status : WithAddress(pod, status);
            },
            cancellationToken);
        string told = $"{verdict.EventReason}/{job.Restarts}";
        bool isOwnEnd = wasOver && verdict.EventReason is "AgentLost" or "SlurmJobFailed";
        if (verdict.EventReason.Length > 0 && entry.LastTold != told && !isOwnEnd && IsNews(document, verdict))
        {
            await events.WriteAsync(
                document, new PodEvent(verdict.IsWarning ? "Warning" : "Normal", verdict.EventReason, verdict.Message), cancellationToken);
        }

        entry.LastTold = told;
    }

    /// <summary>Where no agent tells it, a running pod's address is the one that it was given.</summary>
    private static JsonObject WithAddress(JsonObject pod, JsonObject status)
    {
        string? address = pod.Text("metadata", "annotations", Translation.WorkloadAnnotations.PodAddress);
        if (status.Text("phase") == "Running" && address is { Length: > 0 })
        {
            status["podIP"] = address;
            status["podIPs"] = new JsonArray(new JsonObject { ["ip"] = address });
        }

        return status;
    }

    /// <summary>After a restart of this process, the start of a job that had started before is none.</summary>
    private static bool IsNews(ObjectDocument document, JobVerdict verdict)
    {
        JsonObject? status = document.ToJson().Object("status");
        return verdict.IsWarning || status is null || !PodConditions.IsTrue(status, Translation.WorkloadAnnotations.JobStartedCondition);
    }

    [LoggerMessage(5042, LogLevel.Warning, "Pod {Pod} has job {JobId}; job {Other}, which was submitted for it too, is cancelled")]
    private static partial void LogSecond(ILogger logger, string pod, string jobId, string other);
}
