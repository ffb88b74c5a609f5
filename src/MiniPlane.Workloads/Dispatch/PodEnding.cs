using System.Text.Json.Nodes;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;
using MiniPlane.Objects.Loops;
using MiniPlane.Workloads.Addresses;
using MiniPlane.Workloads.Agents;
using MiniPlane.Workloads.Backends;
using MiniPlane.Workloads.Status;
using MiniPlane.Workloads.Translation;
using MiniPlane.Workloads.Views;

namespace MiniPlane.Workloads.Dispatch;

/// <summary>Ends pods: in order when their deletion is asked for, and cleans up after those that are gone.</summary>
internal sealed class PodEnding(
    IWorkloadBackend backend,
    IClusterClient cluster,
    ClusterKinds kinds,
    PodFollowing following,
    PodStatusWriter statuses,
    AgentHub hub,
    PodLedger ledger,
    PodFiles files,
    KeptLogs logs,
    PodAddresses addresses,
    JobBoard board,
    JobUsageQueue usage,
    TimeProvider time)
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ExitPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan KillPatience = TimeSpan.FromSeconds(10);

    /// <summary>Deletion was asked for: stop within the grace period, then let go of the object.</summary>
    public async ValueTask<TimeSpan?> EndAsync(PodEntry entry, PodView pod, CancellationToken cancellationToken)
    {
        if (entry.JobId is null || hub.HasFinished(entry.Uid))
        {
            await ReleaseAsync(entry, cancellationToken);
            return Step * 5;
        }

        (JobStatus? job, TimeSpan? again) = await following.FindJobAsync(entry, cancellationToken);
        if (job is null)
        {
            return again < Step ? again : Step;
        }

        if (job.State.IsEnded())
        {
            await ReleaseAsync(entry, cancellationToken);
            return Step * 5;
        }

        DateTimeOffset now = time.GetUtcNow();
        var grace = Durations.Seconds(pod.Metadata.DeletionGracePeriodSeconds ?? 30);
        if (job.State.IsQueued() || !backend.RunsAgents || (entry.StopSentAt is { } sent && now - sent > grace + KillPatience))
        {
            await CancelAsync(job.JobId, CancelMode.Kill, cancellationToken);
            return Step;
        }

        if (entry.StopSentAt is null || now - entry.StopSentAt > grace)
        {
            bool isTold = hub.TryStop(entry.Uid, (long)grace.TotalSeconds, "the pod is being deleted");
            if (!isTold)
            {
                await CancelAsync(job.JobId, CancelMode.Terminate, cancellationToken);
            }

            entry.StopSentAt ??= now;
        }

        board.Hurry();
        return Step;
    }

    /// <summary>The pod is over; its job should be soon, too, since the agent exits by itself.</summary>
    public async ValueTask<TimeSpan?> WindUpAsync(PodEntry entry, CancellationToken cancellationToken)
    {
        (JobStatus? job, TimeSpan? again) = await following.FindJobAsync(entry, cancellationToken);
        if (job is null)
        {
            return again;
        }

        if (job.State.IsEnded())
        {
            if (!entry.IsUsageAsked)
            {
                entry.IsUsageAsked = true;
                usage.Add(entry.Key, entry.Uid, job.JobId);
            }

            return await following.AmendAsync(entry, job, cancellationToken);
        }

        DateTimeOffset now = time.GetUtcNow();
        entry.FinishedSeenAt ??= now;
        board.Hurry();
        if (now - entry.FinishedSeenAt < ExitPatience)
        {
            return ExitPatience;
        }

        await CancelAsync(job.JobId, CancelMode.Kill, cancellationToken);
        return ExitPatience;
    }

    /// <summary>The object is gone: the job goes at once, and its files, but for the logs, as soon as nothing writes them any more.</summary>
    public async ValueTask<TimeSpan?> ForgetAsync(PodEntry entry, CancellationToken cancellationToken)
    {
        (JobStatus? job, TimeSpan? again) = await following.FindJobAsync(entry, cancellationToken);
        if (job is null && entry.JobId is not null)
        {
            return again ?? Step;
        }

        if (job is not null && !job.State.IsEnded())
        {
            if (entry.StopSentAt is null || time.GetUtcNow() - entry.StopSentAt > KillPatience)
            {
                entry.StopSentAt = time.GetUtcNow();
                await CancelAsync(job.JobId, hub.HasFinished(entry.Uid) ? CancelMode.Terminate : CancelMode.Kill, cancellationToken);
            }

            board.Hurry();
            return Step;
        }

        hub.Drop(entry.Uid);
        (await addresses.GetAsync(cancellationToken)).Release(entry.Uid);
        logs.Keep(files.DirectoryOf(entry.Uid), entry.Uid, entry.Key);
        if (!files.Remove(entry.Uid))
        {
            return Step * 5;
        }

        ledger.Remove(entry.Uid);
        return null;
    }

    private async ValueTask CancelAsync(string jobId, CancelMode mode, CancellationToken cancellationToken)
    {
        await backend.CancelAsync(jobId, mode, cancellationToken);
        board.Hurry();
    }

    /// <summary>
    /// Deletes the object for good, as a kubelet does once all containers have ended. One that finalizers hold back says first that it is
    /// over, since what they wait for may wait for that: a claim stays in use until then.
    /// </summary>
    private async ValueTask ReleaseAsync(PodEntry entry, CancellationToken cancellationToken)
    {
        if (entry.Document.Metadata.Finalizers.Count > 0)
        {
            await statuses.WriteAsync(entry.Key, entry.Uid, pod => Ended(pod, files.ReadLastStatus(entry.Uid)), cancellationToken);
        }

        try
        {
            await cluster.DeleteAsync(
                kinds.Pods, entry.Key, new DeleteQuery { GracePeriodSeconds = 0, Uid = entry.Uid }, cancellationToken);
        }
        catch (ApiException exception) when (exception.Reason is "NotFound" or "Conflict")
        {
            // Gone already, or another pod has its name by now.
        }
    }

    /// <summary>How the agent last saw it end; what it did not see end is as a kubelet writes of containers that it cannot find any more.</summary>
    private JsonObject Ended(JsonObject pod, JsonObject? last)
    {
        if (last is not null)
        {
            pod = pod.DeepClone().AsObject();
            pod["status"] = AgentStatusMerge.Apply(pod, last, time.GetUtcNow());
        }

        var verdict = new JobVerdict
        {
            Phase = "Failed",
            TerminatedReason = "ContainerStatusUnknown",
            ExitCode = 137,
            HasStarted = PodConditions.IsTrue(pod.Object("status") ?? [], WorkloadAnnotations.JobStartedCondition),
        };
        return JobStatusMerge.Apply(pod, verdict, job: null, time.GetUtcNow());
    }
}
