using System.Globalization;
using MiniPlane.Controllers.Views;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Jobs;

/// <summary>
/// Failures per index of a Job with <c>backoffLimitPerIndex</c>. They are written on the pods: each replacement carries how often its
/// index failed before, and the last failed pod of an index is held by its finalizer until the replacement is there, so that no restart
/// forgets a failure. Pure.
/// </summary>
internal static class IndexFailures
{
    public const string CountAnnotation = "batch.kubernetes.io/job-index-failure-count";
    public const string IgnoredAnnotation = "batch.kubernetes.io/job-index-ignored-failure-count";

    /// <summary>How often the pod's index had failed when the pod was made; with its own failure when it failed.</summary>
    public static int CountOf(Job job, ObjectDocument pod, bool withItself) =>
        Number(pod, CountAnnotation) + (withItself && FailurePolicy.Of(job, pod).Action != FailurePolicy.Ignore ? 1 : 0);

    /// <summary>The annotations of the next pod after <paramref name="last"/>, the newest pod of the index that failed, if any did.</summary>
    public static (int Failures, int Ignored) After(Job job, ObjectDocument? last)
    {
        if (last is null)
        {
            return (0, 0);
        }

        bool isIgnored = FailurePolicy.Of(job, last).Action == FailurePolicy.Ignore;
        return (Number(last, CountAnnotation) + (isIgnored ? 0 : 1), Number(last, IgnoredAnnotation) + (isIgnored ? 1 : 0));
    }

    /// <summary>True when the failure of this pod is one too many for its index.</summary>
    public static bool EndsIndex(Job job, ObjectDocument pod) =>
        job.Spec.BackoffLimitPerIndex is { } limit
        && (FailurePolicy.Of(job, pod).Action == FailurePolicy.FailIndex || CountOf(job, pod, withItself: true) > limit);

    /// <summary>The newest of an index's failed pods: the one that counts the most failures.</summary>
    public static ObjectDocument? Newest(IEnumerable<ObjectDocument> failed) => failed
        .OrderByDescending(pod => Number(pod, CountAnnotation) + Number(pod, IgnoredAnnotation))
        .ThenByDescending(pod => pod.Metadata.CreationTimestamp)
        .ThenByDescending(pod => pod.Revision)
        .FirstOrDefault();

    /// <summary>True when <paramref name="other"/> was made to replace <paramref name="pod"/>.</summary>
    public static bool Replaces(ObjectDocument other, ObjectDocument pod) =>
        Number(other, CountAnnotation) + Number(other, IgnoredAnnotation)
        > Number(pod, CountAnnotation) + Number(pod, IgnoredAnnotation);

    private static int Number(ObjectDocument pod, string annotation) =>
        pod.Metadata.Annotations.TryGetValue(annotation, out string? text)
        && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : 0;
}
