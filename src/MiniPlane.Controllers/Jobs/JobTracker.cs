using System.Text.Json.Nodes;
using MiniPlane.Controllers.Runtime;
using MiniPlane.Controllers.Views;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.Controllers.Jobs;

/// <summary>
/// Counts each ended pod exactly once, across restarts at any moment: first its uid is written to
/// <c>status.uncountedTerminatedPods</c>, then its finalizer is removed, then the uid becomes part of the count.
/// </summary>
internal sealed class JobTracker(ClusterContext cluster)
{
    /// <summary>A status holds at most so many uids at once.</summary>
    private const int MostUncounted = 500;

    private KindDefinition Kind => cluster.Kinds.Job;

    /// <summary>Counts what can be counted and returns the Job as it is then.</summary>
    public async Task<ObjectDocument> CountAsync(ObjectDocument document, JobPods pods, CancellationToken cancellationToken)
    {
        Job job = document.AsJob();
        HashSet<string> succeeded = Known(job.Status.UncountedTerminatedPods?.Succeeded);
        HashSet<string> failed = Known(job.Status.UncountedTerminatedPods?.Failed);
        int completions = job.Spec.Completions ?? 0;
        SortedSet<int> indexes = job.Spec.IsIndexed ? IndexSet.Parse(job.Status.CompletedIndexes, completions) : [];
        SortedSet<int> failedIndexes = IndexSet.Parse(job.Status.FailedIndexes, completions);
        FailurePolicy? fatal = null;
        List<ObjectDocument> counted = [];
        foreach (ObjectDocument pod in pods.UncountedSucceeded.Take(MostUncounted))
        {
            counted.Add(pod);
            if (!job.Spec.IsIndexed)
            {
                succeeded.Add(pod.Metadata.Uid);
            }
            else if (JobPods.IndexOf(pod) is { } index && index < completions)
            {
                indexes.Add(index);
            }
        }

        foreach (ObjectDocument pod in pods.UncountedFailed.Take(MostUncounted - counted.Count))
        {
            counted.Add(pod);
            var policy = FailurePolicy.Of(job, pod);
            fatal ??= policy.Action == FailurePolicy.FailJob ? policy : null;
            if (policy.Action != FailurePolicy.Ignore)
            {
                failed.Add(pod.Metadata.Uid);
            }

            if (JobPods.IndexOf(pod) is { } index && index < completions && IndexFailures.EndsIndex(job, pod))
            {
                failedIndexes.Add(index);
            }
        }

        failedIndexes.ExceptWith(indexes);

        document = await cluster.Writer.UpdateStatusAsync(
            Kind,
            document,
            status =>
            {
                SetUncounted(status, succeeded, failed);
                NoteIndexes(status, job, indexes, failedIndexes);
                if (fatal is not null && !job.IsEnding)
                {
                    // Said before the pod is let go: afterwards nothing may be left to judge by.
                    StatusConditions.Set(status, "FailureTarget", value: true, "PodFailurePolicy", fatal.Message, cluster.Now)["lastProbeTime"]
                        ??= ApiTime.Format(cluster.Now);
                }
            },
            cancellationToken);
        await Task.WhenAll(counted.Select(pod => ReleaseAsync(pod, cancellationToken)));
        return await CloseAsync(document, succeeded, failed, cancellationToken);
    }

    /// <summary>Takes the tracking finalizer off a pod; one that has gone meanwhile needs nothing more.</summary>
    public async Task ReleaseAsync(ObjectDocument pod, CancellationToken cancellationToken)
    {
        if (!pod.Has(JobPods.Finalizer))
        {
            return;
        }

        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["uid"] = pod.Metadata.Uid,
                ["resourceVersion"] = pod.ResourceVersion,
                ["finalizers"] = Finalizers.Without(pod, JobPods.Finalizer),
            },
        };
        try
        {
            await cluster.Writer.MergeAsync(cluster.Kinds.Pod, pod.Key, patch, subresource: null, cancellationToken);
        }
        catch (ApiException exception) when (exception.Code == 404)
        {
            return;
        }
    }

    private static HashSet<string> Known(IReadOnlyList<string>? uids) => new(uids ?? [], StringComparer.Ordinal);

    private static void NoteIndexes(JsonObject status, Job job, SortedSet<int> indexes, SortedSet<int> failedIndexes)
    {
        if (!job.Spec.IsIndexed)
        {
            return;
        }

        SetCount(status, "succeeded", indexes.Count);
        string text = IndexSet.Format(indexes);
        status.SetCopy("completedIndexes", text.Length == 0 ? null : JsonValue.Create(text));
        if (job.Spec.BackoffLimitPerIndex is not null)
        {
            status["failedIndexes"] = IndexSet.Format(failedIndexes);
        }
    }

    /// <summary>Adds every noted uid whose pod no longer carries the finalizer to the counts.</summary>
    private async Task<ObjectDocument> CloseAsync(
        ObjectDocument document, HashSet<string> succeeded, HashSet<string> failed, CancellationToken cancellationToken)
    {
        if (succeeded.Count + failed.Count == 0)
        {
            return document;
        }

        var open = cluster.Informers.For(cluster.Kinds.Pod).OwnedBy(document.Metadata.Uid)
            .Where(pod => pod.Has(JobPods.Finalizer))
            .Select(pod => pod.Metadata.Uid)
            .ToHashSet(StringComparer.Ordinal);
        int doneWell = succeeded.RemoveWhere(uid => !open.Contains(uid));
        int doneBadly = failed.RemoveWhere(uid => !open.Contains(uid));
        return await cluster.Writer.UpdateStatusAsync(
            Kind,
            document,
            status =>
            {
                SetUncounted(status, succeeded, failed);
                SetCount(status, "succeeded", (int)(status.Integer("succeeded") ?? 0) + doneWell);
                SetCount(status, "failed", (int)(status.Integer("failed") ?? 0) + doneBadly);
            },
            cancellationToken);
    }

    private static void SetUncounted(JsonObject status, HashSet<string> succeeded, HashSet<string> failed)
    {
        var uncounted = new JsonObject();
        AddUids(uncounted, "succeeded", succeeded);
        AddUids(uncounted, "failed", failed);
        if (uncounted.Count > 0 || status["uncountedTerminatedPods"] is not null)
        {
            status["uncountedTerminatedPods"] = uncounted;
        }
    }

    private static void AddUids(JsonObject json, string name, HashSet<string> uids)
    {
        if (uids.Count > 0)
        {
            json[name] = new JsonArray([.. uids.Order(StringComparer.Ordinal).Select(uid => JsonValue.Create(uid))]);
        }
    }

    private static void SetCount(JsonObject status, string name, int count)
    {
        if (count == 0)
        {
            status.Remove(name);
        }
        else
        {
            status[name] = count;
        }
    }
}
