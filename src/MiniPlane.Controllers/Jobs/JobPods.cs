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

    public JobPods(Job job, IReadOnlyList<ObjectDocument> all)
    {
        _job = job;
        All = all;
        Active = [.. all.Where(pod => pod.IsActivePod())];
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
    public IEnumerable<ObjectDocument> UncountedFailed => All.Where(pod => pod.Has(Finalizer) && IsFailed(pod));

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
