using System.Text.Json.Nodes;
using MiniPlane.Controllers.Replication;
using MiniPlane.Controllers.Runtime;
using MiniPlane.Controllers.Views;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Selectors;

namespace MiniPlane.Controllers.Jobs;

/// <summary>
/// Runs a Job's pods to completion: counts the ended ones exactly, replaces failed ones with back-off up to a limit, and says when and
/// how the Job ended.
/// </summary>
internal sealed class JobController : IController
{
    private const string ByJob = "job";
    private const string ThisController = "kubernetes.io/job-controller";

    private readonly ClusterContext _cluster;
    private readonly KindDefinition _kind;
    private readonly Adoption _adoption;
    private readonly JobTracker _tracker;
    private readonly JobScaler _scaler;

    public JobController(ClusterContext cluster)
    {
        _cluster = cluster;
        _kind = cluster.Kinds.Job;
        _adoption = new Adoption(cluster);
        _adoption.Prepare(cluster.Kinds.Pod);
        _tracker = new JobTracker(cluster);
        _scaler = new JobScaler(cluster, new PodControl(cluster, _kind, Name), _tracker);
        cluster.Informers.For(cluster.Kinds.Pod).AddIndex(ByJob, static pod =>
            pod.Metadata.Controller is { Kind: "Job" } owner ? [$"{pod.Metadata.Namespace}/{owner.Name}"] : []);
    }

    public string Name => "job-controller";

    public IReadOnlyList<ControllerWatch> Watches =>
    [
        ControllerWatch.Self(_kind),
        ControllerWatch.OwnedBy(_cluster.Kinds.Pod, _kind),
        new(_cluster.Kinds.Pod, change => change.After is { } pod ? _adoption.Adopters(_kind, pod, SelectorOf) : []),
    ];

    public async Task<ReconcileResult> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        ObjectDocument? document = _cluster.Informers.For(_kind).Find(key);
        await ReleaseLeftOversAsync(key, document, cancellationToken);
        if (document is null || document.AsJob().IsFinished || document.AsJob().Spec.ManagedBy is not (null or ThisController))
        {
            return ReconcileResult.Done;
        }

        JobPods pods = await ClaimAsync(document, document.AsJob().IsEnding, cancellationToken);
        document = await _tracker.CountAsync(document, pods, cancellationToken);
        document = await BeginAsync(document, cancellationToken);
        var verdict = JobVerdict.Of(document.AsJob(), pods, _cluster.Now);
        ReconcileResult result = ReconcileResult.Done;
        try
        {
            if (verdict is not null)
            {
                await _scaler.DeleteAsync(document, pods.Active, cancellationToken);
            }
            else if (document.AsJob().Spec.Suspend)
            {
                await _scaler.GiveUpAsync(document, pods.Active, cancellationToken);
            }
            else if (!document.Metadata.IsBeingDeleted)
            {
                result = await _scaler.FitAsync(document, pods, cancellationToken);
            }
        }
        finally
        {
            await WriteStatusAsync(document, verdict, cancellationToken);
        }

        return verdict is null && JobVerdict.UntilDeadline(document.AsJob(), _cluster.Now) is { } left && !document.AsJob().Spec.Suspend
            ? result.Or(ReconcileResult.After(left))
            : result;
    }

    private static LabelSelector? SelectorOf(ObjectDocument document) =>
        document.AsJob() is { IsFinished: false, Spec.Selector: { IsEmpty: false } selector } ? selector.ToLabelSelector() : null;

    /// <summary>Pods of a Job that has gone, or that was made anew under the same name, must not be held by a finalizer nobody removes.</summary>
    private async Task ReleaseLeftOversAsync(ObjectKey key, ObjectDocument? job, CancellationToken cancellationToken)
    {
        foreach (ObjectDocument pod in _cluster.Informers.For(_cluster.Kinds.Pod).ByIndex(ByJob, key.ToString()))
        {
            bool isLeftOver = job is null || pod.Metadata.Controller?.Uid != job.Metadata.Uid || job.AsJob().IsFinished;
            if (isLeftOver && pod.Has(JobPods.Finalizer))
            {
                await _tracker.ReleaseAsync(pod, cancellationToken);
            }
        }
    }

    private async Task<JobPods> ClaimAsync(ObjectDocument document, bool isEnding, CancellationToken cancellationToken)
    {
        Job job = document.AsJob();
        return new JobPods(
            job,
            await _adoption.ClaimAsync(
                _kind, document, _cluster.Kinds.Pod, job.Spec.Selector.ToLabelSelector(), JobPods.Finalizer, cancellationToken),
            isEnding);
    }

    /// <summary>Notes the start, a suspension and its end.</summary>
    private async Task<ObjectDocument> BeginAsync(ObjectDocument document, CancellationToken cancellationToken)
    {
        Job job = document.AsJob();
        bool wasSuspended = job.HasTrue("Suspended");
        ObjectDocument written = await _cluster.Writer.UpdateStatusAsync(
            _kind,
            document,
            status =>
            {
                DateTimeOffset now = _cluster.Now;
                if (job.Spec.Suspend)
                {
                    StatusConditions.Set(status, "Suspended", value: true, "JobSuspended", "Job suspended", now)["lastProbeTime"] ??= ApiTime.Format(now);
                    return;
                }

                if (wasSuspended)
                {
                    StatusConditions.Set(status, "Suspended", value: false, "JobResumed", "Job resumed", now);
                }

                if (wasSuspended || status["startTime"] is null)
                {
                    status["startTime"] = ApiTime.Format(now);
                }
            },
            cancellationToken);
        if (job.Spec.Suspend != wasSuspended)
        {
            (string reason, string message) = job.Spec.Suspend ? ("Suspended", "Job suspended") : ("Resumed", "Job resumed");
            _cluster.Events.Normal(_kind, document, reason, message, Name);
        }

        return written;
    }

    private async Task WriteStatusAsync(ObjectDocument document, JobVerdict? verdict, CancellationToken cancellationToken)
    {
        // Looked at again, for pods were created and deleted since.
        JobPods pods = await ClaimAsync(document, verdict is not null, cancellationToken);
        bool isOver = verdict is not null && pods.Active.Count == 0 && pods.Terminating == 0 && IsCounted(document, pods);
        ObjectDocument written = await _cluster.Writer.UpdateStatusAsync(
            _kind,
            document,
            status =>
            {
                DateTimeOffset now = _cluster.Now;
                status.SetCopy("active", pods.Active.Count == 0 ? null : JsonValue.Create(pods.Active.Count));
                status["ready"] = pods.Ready;
                status["terminating"] = pods.Terminating;
                if (verdict is not null)
                {
                    SetCondition(status, verdict.Announcement, verdict, now);
                }

                if (verdict is not null && isOver)
                {
                    SetCondition(status, verdict.Condition, verdict, now);
                    status["uncountedTerminatedPods"] = new JsonObject();
                    if (verdict.IsSuccess)
                    {
                        status["completionTime"] = ApiTime.Format(now);
                    }
                }
            },
            cancellationToken);
        if (verdict is not null && isOver && written.Revision != document.Revision)
        {
            Tell(document, verdict);
        }
    }

    private static bool IsCounted(ObjectDocument document, JobPods pods) =>
        !pods.UncountedSucceeded.Any()
        && !pods.UncountedFailed.Any()
        && document.AsJob().Status.UncountedTerminatedPods is not ({ Succeeded.Count: > 0 } or { Failed.Count: > 0 });

    private static void SetCondition(JsonObject status, string type, JobVerdict verdict, DateTimeOffset now)
    {
        JsonObject condition = StatusConditions.Set(status, type, value: true, verdict.Reason, verdict.Message, now);
        condition["lastProbeTime"] ??= ApiTime.Format(now);
    }

    private void Tell(ObjectDocument document, JobVerdict verdict)
    {
        if (verdict.IsSuccess)
        {
            // A pod that was being deleted may still have succeeded.
            if (document.AsJob() is { Spec.Completions: { } wanted } job && job.Status.Succeeded > wanted)
            {
                _cluster.Events.Warning(_kind, document, "TooManySucceededPods", "Too many succeeded pods running after completion count reached", Name);
            }

            _cluster.Events.Normal(_kind, document, "Completed", "Job completed", Name);
        }
        else
        {
            _cluster.Events.Warning(_kind, document, verdict.Reason, verdict.Message, Name);
        }
    }
}
