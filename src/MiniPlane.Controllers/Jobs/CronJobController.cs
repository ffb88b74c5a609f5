using System.Globalization;
using System.Text.Json.Nodes;
using MiniPlane.Controllers.Runtime;
using MiniPlane.Controllers.Views;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.Controllers.Jobs;

/// <summary>
/// Starts a Job whenever a CronJob is due. A start is made at most once, across restarts, because its Job's name comes from the time it
/// was due at.
/// </summary>
internal sealed class CronJobController : IController
{
    private readonly ClusterContext _cluster;
    private readonly KindDefinition _kind;
    private readonly CronJobHistory _history;

    public CronJobController(ClusterContext cluster)
    {
        _cluster = cluster;
        _kind = cluster.Kinds.CronJob;
        _history = new CronJobHistory(cluster, Name);
    }

    public string Name => "cronjob-controller";

    public IReadOnlyList<ControllerWatch> Watches =>
    [
        ControllerWatch.Self(_kind),
        ControllerWatch.OwnedBy(_cluster.Kinds.Job, _kind),
    ];

    public async Task<ReconcileResult> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (_cluster.Informers.For(_kind).Find(key) is not { } document)
        {
            return ReconcileResult.Done;
        }

        document = await _history.RecordAsync(document, cancellationToken);
        await _history.TrimAsync(document, cancellationToken);
        CronJob view = document.AsCronJob();
        if (document.Metadata.IsBeingDeleted || view.Spec.Suspend || Schedule(document) is not { } schedule)
        {
            return ReconcileResult.Done;
        }

        DateTimeOffset now = _cluster.Now;
        if (schedule.Next(now) is null)
        {
            // A day that no month has, which can be read all the same.
            Warn(
                document,
                "InvalidSchedule",
                $"invalid schedule: {view.Spec.Schedule} : time difference between two schedules is less than 1 second");
            return ReconcileResult.Done;
        }

        var times = CronTimes.Of(
            schedule, view.Status.LastScheduleTime ?? document.Metadata.CreationTimestamp, view.Spec.StartingDeadlineSeconds, now);
        if (times.IsTooMany)
        {
            Warn(
                document,
                "TooManyMissedTimes",
                "too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew");
        }

        if (times.Due is { } due && due != view.Status.LastScheduleTime)
        {
            await StartAsync(document, due, schedule, cancellationToken);
        }

        return schedule.Next(now) is { } next
            ? ReconcileResult.After(next - now + TimeSpan.FromMilliseconds(100))
            : ReconcileResult.Done;
    }

    /// <summary>The schedule, or null after telling why there is none.</summary>
    private CronSchedule? Schedule(ObjectDocument document)
    {
        CronJobSpec spec = document.AsCronJob().Spec;
        TimeZoneInfo? zone = spec.TimeZone is null ? TimeZoneInfo.Local : CronSchedule.FindZone(spec.TimeZone);
        if (zone is null)
        {
            Warn(document, "UnknownTimeZone", $"invalid timeZone: \"{spec.TimeZone}\": unknown time zone {spec.TimeZone}");
            return null;
        }

        try
        {
            return CronSchedule.Parse(spec.Schedule ?? "", zone);
        }
        catch (FormatException exception)
        {
            Warn(document, "UnparseableSchedule", $"unparseable schedule: \"{spec.Schedule}\" : {exception.Message}");
            return null;
        }
    }

    private async Task StartAsync(
        ObjectDocument document, DateTimeOffset due, CronSchedule schedule, CancellationToken cancellationToken)
    {
        CronJob view = document.AsCronJob();
        if (view.Spec.StartingDeadlineSeconds is { } seconds && due.AddSeconds(Math.Min(seconds, int.MaxValue)) < _cluster.Now)
        {
            string text = due.ToString("ddd, dd MMM yyyy HH:mm:ss +0000", CultureInfo.InvariantCulture);
            Warn(document, "MissSchedule", $"Missed scheduled time to start a job: {text}");
            return;
        }

        if (view.Spec.ConcurrencyPolicy == "Forbid" && view.Status.Active.Count > 0)
        {
            _cluster.Events.Normal(
                _kind,
                document,
                "JobAlreadyActive",
                "Not starting job because prior execution is running and concurrency policy is Forbid",
                Name);
            return;
        }

        bool replaces = view.Spec.ConcurrencyPolicy == "Replace";
        if (replaces)
        {
            await _history.StopAsync(document, view.Status.Active, cancellationToken);
        }

        if (await CreateAsync(document, due, schedule, cancellationToken) is not { } job)
        {
            return;
        }

        await _cluster.Writer.UpdateStatusAsync(
            _kind,
            document,
            status =>
            {
                if (replaces)
                {
                    status.Remove("active");
                }

                if (!job.AsJob().IsFinished && !status.Objects("active").Any(active => active.TextOrEmpty("uid") == job.Metadata.Uid))
                {
                    status.EnsureArray("active").Add((JsonNode)Reference(job));
                }

                status["lastScheduleTime"] = ApiTime.Format(due);
            },
            cancellationToken);
    }

    /// <summary>The Job of this start, made now or by an earlier try; null when another's Job has its name.</summary>
    private async Task<ObjectDocument?> CreateAsync(
        ObjectDocument document, DateTimeOffset due, CronSchedule schedule, CancellationToken cancellationToken)
    {
        JsonObject body = Body(document, due, schedule);
        string name = body.TextOrEmpty("metadata", "name");
        try
        {
            ObjectDocument created = await _cluster.Writer.CreateAsync(_cluster.Kinds.Job, body, cancellationToken);
            _cluster.Events.Normal(_kind, document, "SuccessfulCreate", $"Created job {name}", Name);
            return created;
        }
        catch (ApiException exception) when (exception.Reason == "AlreadyExists")
        {
            ObjectDocument? existing = await _cluster.Client.FindAsync(
                _cluster.Kinds.Job, new ObjectKey(document.Metadata.Namespace, name), cancellationToken);
            if (existing?.Metadata.Controller?.Uid == document.Metadata.Uid)
            {
                return existing;
            }

            Warn(document, "FailedCreate", $"CronJob: {document.Key}: job {name} is owned by another controller");
            return null;
        }
        catch (ApiException exception) when (exception.Causes.All(cause => cause.Reason != "NamespaceTerminating"))
        {
            Warn(document, "FailedCreate", $"Error creating job: {exception.Message}");
            throw;
        }
    }

    private JsonObject Body(ObjectDocument document, DateTimeOffset due, CronSchedule schedule)
    {
        JsonObject template = document.ToJson().Object("spec", "jobTemplate") ?? [];
        var metadata = new JsonObject
        {
            ["name"] = $"{document.Metadata.Name}-{(due.ToUnixTimeSeconds() / 60).ToString(CultureInfo.InvariantCulture)}",
            ["namespace"] = document.Metadata.Namespace,
        };
        metadata.SetCopy("labels", template.At("metadata", "labels"));
        metadata.SetCopy("annotations", template.At("metadata", "annotations"));
        metadata.Ensure("annotations")["batch.kubernetes.io/cronjob-scheduled-timestamp"] = schedule.Local(due);
        metadata["ownerReferences"] = new JsonArray(OwnerReferences.Controller(_kind, document));
        return new JsonObject
        {
            ["apiVersion"] = _cluster.Kinds.Job.ApiVersion,
            ["kind"] = _cluster.Kinds.Job.Kind,
            ["metadata"] = metadata,
            ["spec"] = template["spec"]?.DeepClone(),
        };
    }

    private JsonObject Reference(ObjectDocument job) => new()
    {
        ["kind"] = _cluster.Kinds.Job.Kind,
        ["namespace"] = job.Metadata.Namespace,
        ["name"] = job.Metadata.Name,
        ["uid"] = job.Metadata.Uid,
        ["apiVersion"] = _cluster.Kinds.Job.ApiVersion,
        ["resourceVersion"] = job.ResourceVersion,
    };

    private void Warn(ObjectDocument document, string reason, string message) =>
        _cluster.Events.Warning(_kind, document, reason, message, Name);
}
