using System.Globalization;
using MiniPlane.Controllers.Runtime;
using MiniPlane.Controllers.Views;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Jobs;

/// <summary>The pods of one Job, sorted by what they mean for it. Pure.</summary>
internal sealed class JobPods
{
    /// <summary>On each pod that has not been counted yet, so that none is forgotten and none counted twice.</summary>
    public const string Finalizer = "batch.kubernetes.io/job-tracking";
    public const string IndexAnnotation = "batch.kubernetes.io/job-completion-index";

    private readonly Job _job;
    private readonly HashSet<string> _held = new(StringComparer.Ordinal);

    /// <param name="job">The Job.</param>
    /// <param name="all">All its pods.</param>
    /// <param name="isEnding">The Job is about to end, so no pod waits for its replacement.</param>
    public JobPods(Job job, IReadOnlyList<ObjectDocument> all, bool isEnding)
    {
        _job = job;
        All = all;
        Active = [.. all.Where(pod => pod.IsActivePod())];
        if (job.Spec.BackoffLimitPerIndex is not null && !isEnding)
        {
            HoldLastFailures();
        }
    }

    public IReadOnlyList<ObjectDocument> All { get; }

    /// <summary>Neither ended nor being deleted.</summary>
    public IReadOnlyList<ObjectDocument> Active { get; }

    public int Ready => Active.Count(pod => pod.AsPod().IsReady);

    /// <summary>Being deleted and not ended yet.</summary>
    public int Terminating => All.Count(pod => pod.Metadata.IsBeingDeleted && !pod.AsPod().IsTerminal);

    /// <summary>Pods that ended well and still wait to be counted.</summary>
    public IEnumerable<ObjectDocument> UncountedSucceeded =>
        All.Where(pod => pod.Has(Finalizer) && pod.AsPod().IsSucceeded);

    /// <summary>
    /// Pods that failed and still wait to be counted. A pod that is being deleted counts as failed at once, for it may never
    /// come to say so; unless the Job replaces only failed pods and it had started.
    /// </summary>
    public IEnumerable<ObjectDocument> UncountedFailed =>
        All.Where(pod => pod.Has(Finalizer) && IsFailed(pod) && !_held.Contains(pod.Metadata.Uid));

    /// <summary>Pods that failed and carry the count of failures of their index until their replacement is made.</summary>
    public IEnumerable<ObjectDocument> Held => All.Where(pod => _held.Contains(pod.Metadata.Uid));

    /// <summary>The newest failed pod of an index, or null.</summary>
    public ObjectDocument? LastFailed(int index) => IndexFailures.Newest(All.Where(pod => IndexOf(pod) == index && IsFailed(pod)));

    /// <summary>The completion index of a pod, or null.</summary>
    public static int? IndexOf(ObjectDocument pod) =>
        pod.Metadata.Annotations.TryGetValue(IndexAnnotation, out string? text)
        && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int index)
            ? index
            : null;

    /// <summary>When a pod ended: its last container's end, or failing that the last thing known of it.</summary>
    public static DateTimeOffset FinishTime(ObjectDocument pod)
    {
        DateTimeOffset? finished = pod.AsPod().Status.ContainerStatuses
            .Select(status => status.State?.Terminated?.FinishedAt)
            .Max();
        return finished
            ?? pod.AsPod().Condition("Ready")?.LastTransitionTime
            ?? pod.Metadata.DeletionTimestamp
            ?? pod.Metadata.CreationTimestamp;
    }

    private void HoldLastFailures()
    {
        int completions = _job.Spec.Completions ?? 0;
        SortedSet<int> done = IndexSet.Parse(_job.Status.CompletedIndexes, completions);
        SortedSet<int> failed = IndexSet.Parse(_job.Status.FailedIndexes, completions);
        foreach (IGrouping<int?, ObjectDocument> pods in All.GroupBy(IndexOf))
        {
            if (pods.Key is { } index && index < completions && !done.Contains(index) && !failed.Contains(index)
                && IndexFailures.Newest(pods.Where(pod => pod.Has(Finalizer) && IsFailed(pod))) is { } newest
                && !pods.Any(pod => IndexFailures.Replaces(pod, newest) || pod.AsPod().IsSucceeded)
                && !IndexFailures.EndsIndex(_job, newest))
            {
                _held.Add(newest.Metadata.Uid);
            }
        }
    }

    private bool IsFailed(ObjectDocument pod)
    {
        Pod view = pod.AsPod();
        if (view.IsFailed)
        {
            return true;
        }

        bool counts = !_job.Spec.ReplacesOnlyFailed || view.Status.Phase is "Pending" or null;
        return pod.Metadata.IsBeingDeleted && !view.IsSucceeded && counts;
    }
}
