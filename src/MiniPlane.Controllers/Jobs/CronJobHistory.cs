using System.Globalization;
using System.Text.Json.Nodes;
using MiniPlane.Controllers.Runtime;
using MiniPlane.Controllers.Views;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Jobs;

/// <summary>The Jobs that a CronJob made: which still run, which are kept as history, which go.</summary>
internal sealed class CronJobHistory(ClusterContext cluster, string component)
{
    private static readonly DeleteQuery Background = new() { PropagationPolicy = "Background" };

    private KindDefinition Kind => cluster.Kinds.CronJob;

    /// <summary>Deletes finished Jobs beyond the history limits, the oldest first.</summary>
    public async Task TrimAsync(ObjectDocument document, CancellationToken cancellationToken)
    {
        CronJobSpec spec = document.AsCronJob().Spec;
        ObjectDocument[] jobs = [.. Jobs(document)];
        if (document.Metadata.IsBeingDeleted)
        {
            return;
        }

        IEnumerable<ObjectDocument> surplus =
        [
            .. Oldest(jobs.Where(job => job.AsJob().HasTrue("Complete")), spec.SuccessfulJobsHistoryLimit),
            .. Oldest(jobs.Where(job => job.AsJob().HasTrue("Failed")), spec.FailedJobsHistoryLimit),
        ];
        foreach (ObjectDocument job in surplus)
        {
            await DeleteAsync(document, job, cancellationToken);
        }
    }

    /// <summary>Brings <c>status.active</c> and <c>status.lastSuccessfulTime</c> up to date and tells of what changed.</summary>
    public async Task<ObjectDocument> RecordAsync(ObjectDocument document, CancellationToken cancellationToken)
    {
        CronJob view = document.AsCronJob();
        var active = view.Status.Active.Select(job => job.Uid).ToHashSet(StringComparer.Ordinal);
        HashSet<string> ended = new(StringComparer.Ordinal);
        DateTimeOffset? success = view.Status.LastSuccessfulTime;
        foreach (ObjectDocument job in Jobs(document))
        {
            bool isKnown = active.Contains(job.Metadata.Uid);
            if (job.AsJob().IsFinished)
            {
                if (isKnown)
                {
                    ended.Add(job.Metadata.Uid);
                    string how = job.AsJob().HasTrue("Complete") ? "Complete" : "Failed";
                    Tell(document, "SawCompletedJob", $"Saw completed job: {job.Metadata.Name}, condition: {how}");
                }

                success = Later(success, job.AsJob().HasTrue("Complete") ? job.AsJob().Status.CompletionTime : null);
            }
            else if (!isKnown && !IsBeingMade(document, job))
            {
                cluster.Events.Warning(
                    Kind, document, "UnexpectedJob", $"Saw a job that the controller did not create or forgot: {job.Metadata.Name}", component);
            }
        }

        foreach (ActiveJob gone in view.Status.Active.Where(job => !ended.Contains(job.Uid ?? "")))
        {
            ObjectDocument? found = await cluster.Client.FindAsync(
                cluster.Kinds.Job, new ObjectKey(document.Metadata.Namespace, gone.Name ?? ""), cancellationToken);
            if (found?.Metadata.Uid != gone.Uid)
            {
                ended.Add(gone.Uid ?? "");
                Tell(document, "MissingJob", $"Active job went missing: {gone.Name}");
            }
        }

        return await WriteAsync(document, ended, success, cancellationToken);
    }

    /// <summary>Deletes Jobs that a newer start replaces.</summary>
    public async Task StopAsync(ObjectDocument document, IReadOnlyList<ActiveJob> active, CancellationToken cancellationToken)
    {
        foreach (ActiveJob job in active)
        {
            ObjectDocument? found = await cluster.Client.FindAsync(
                cluster.Kinds.Job, new ObjectKey(document.Metadata.Namespace, job.Name ?? ""), cancellationToken);
            if (found is not null && found.Metadata.Uid == job.Uid)
            {
                await DeleteAsync(document, found, cancellationToken);
            }
        }
    }

    private static DateTimeOffset? Later(DateTimeOffset? first, DateTimeOffset? second) =>
        second is { } time && (first is null || time > first) ? time : first;

    /// <summary>The Job of the latest start may be seen before it is written to the status, when a crash came in between.</summary>
    private static bool IsBeingMade(ObjectDocument document, ObjectDocument job)
    {
        string prefix = document.Metadata.Name + "-";
        bool isOfAStart = job.Metadata.Name.StartsWith(prefix, StringComparison.Ordinal)
            && long.TryParse(job.Metadata.Name.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out _);
        return isOfAStart
            && (document.AsCronJob().Status.LastScheduleTime is not { } last || job.Metadata.CreationTimestamp >= last);
    }

    private static IEnumerable<ObjectDocument> Oldest(IEnumerable<ObjectDocument> jobs, int? limit)
    {
        ObjectDocument[] sorted =
        [
            .. jobs.Where(job => !job.Metadata.IsBeingDeleted)
                .OrderBy(job => job.AsJob().Status.StartTime ?? DateTimeOffset.MaxValue)
                .ThenBy(job => job.Metadata.Name, StringComparer.Ordinal),
        ];
        return limit is { } most ? sorted.Take(Math.Max(0, sorted.Length - most)) : [];
    }

    private IEnumerable<ObjectDocument> Jobs(ObjectDocument document) => cluster.Informers.For(cluster.Kinds.Job)
        .OwnedBy(document.Metadata.Uid).Where(job => job.Metadata.Controller?.Uid == document.Metadata.Uid);

    private async Task<ObjectDocument> WriteAsync(
        ObjectDocument document, HashSet<string> ended, DateTimeOffset? success, CancellationToken cancellationToken) =>
        await cluster.Writer.UpdateStatusAsync(
            Kind,
            document,
            status =>
            {
                if (status["active"] is JsonArray active)
                {
                    active.RemoveAll(job => ended.Contains(job.TextOrEmpty("uid")));
                    if (active.Count == 0)
                    {
                        status.Remove("active");
                    }
                }

                if (success is { } time)
                {
                    status["lastSuccessfulTime"] = ApiTime.Format(time);
                }
            },
            cancellationToken);

    private async Task DeleteAsync(ObjectDocument document, ObjectDocument job, CancellationToken cancellationToken)
    {
        await cluster.Writer.DeleteAsync(cluster.Kinds.Job, job, Background, cancellationToken);
        Tell(document, "SuccessfulDelete", $"Deleted job {job.Metadata.Name}");
    }

    private void Tell(ObjectDocument document, string reason, string message) =>
        cluster.Events.Normal(Kind, document, reason, message, component);
}
