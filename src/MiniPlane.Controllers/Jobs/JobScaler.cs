using System.Text.Json.Nodes;
using MiniPlane.Controllers.Replication;
using MiniPlane.Controllers.Runtime;
using MiniPlane.Controllers.Views;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Jobs;

/// <summary>Creates and deletes a Job's pods so that as many are active as its spec asks for now.</summary>
internal sealed class JobScaler(ClusterContext cluster, PodControl control, JobTracker tracker)
{
    /// <summary>At most so many pods are created or deleted in one go.</summary>
    private const int Burst = 500;

    public async Task<ReconcileResult> FitAsync(
        ObjectDocument document, JobPods pods, CancellationToken cancellationToken)
    {
        Job job = document.AsJob();
        int wanted = Wanted(job, pods);
        IReadOnlyList<ObjectDocument> surplus = Surplus(job, pods, wanted);
        if (surplus.Count > 0)
        {
            await GiveUpAsync(document, surplus.Take(Burst), cancellationToken);
            return ReconcileResult.Done;
        }

        int missing = wanted - pods.Active.Count - (job.Spec.ReplacesOnlyFailed ? pods.Terminating : 0);
        if (missing <= 0)
        {
            return ReconcileResult.Done;
        }

        if (job.Spec.BackoffLimitPerIndex is not null)
        {
            return await CreateIndexesAsync(document, job, pods, Math.Min(missing, Burst), cancellationToken);
        }

        TimeSpan wait = JobBackOff.Remaining(pods.All, cluster.Now);
        if (wait > TimeSpan.Zero)
        {
            return ReconcileResult.After(wait);
        }

        await CreateAsync(document, job, pods, Math.Min(missing, Burst), cancellationToken);
        return ReconcileResult.Done;
    }

    /// <summary>
    /// Deletes pods that the Job no longer wants (suspended, fewer in parallel). They lose their finalizer first, so they do not
    /// count as failed.
    /// </summary>
    public Task GiveUpAsync(ObjectDocument job, IEnumerable<ObjectDocument> pods, CancellationToken cancellationToken) =>
        Task.WhenAll(pods.Select(async pod =>
        {
            await tracker.ReleaseAsync(pod, cancellationToken);
            await control.DeleteAsync(job, pod, cancellationToken);
        }));

    /// <summary>Deletes the pods of a Job that is over. They keep their finalizer and count as failed.</summary>
    public Task DeleteAsync(ObjectDocument job, IEnumerable<ObjectDocument> pods, CancellationToken cancellationToken) =>
        Task.WhenAll(pods.Select(pod => control.DeleteAsync(job, pod, cancellationToken)));

    private static int Wanted(Job job, JobPods pods)
    {
        int parallelism = job.Spec.Parallelism ?? 1;
        if (job.Spec.Completions is { } completions)
        {
            int given = IndexSet.Parse(job.Status.FailedIndexes, completions).Count;
            return Math.Max(0, Math.Min(completions - job.Status.Succeeded - given, parallelism));
        }

        // Once a worker of a work queue succeeded, no new ones start.
        return job.Status.Succeeded > 0 ? Math.Min(pods.Active.Count, parallelism) : parallelism;
    }

    private IReadOnlyList<ObjectDocument> Surplus(Job job, JobPods pods, int wanted)
    {
        if (!job.Spec.IsIndexed)
        {
            return pods.Active.Count > wanted
                ? DeletionOrder.First(pods.Active, pods.Active, pods.Active.Count - wanted, cluster.Now)
                : [];
        }

        // Of an Indexed Job the pods whose index is done, twice there or out of range go first.
        SortedSet<int> done = Decided(job);
        HashSet<int> seen = [];
        List<ObjectDocument> useless = [];
        List<ObjectDocument> useful = [];
        foreach (ObjectDocument pod in pods.Active.OrderBy(pod => pod.Metadata.CreationTimestamp).ThenBy(pod => pod.Metadata.Name, StringComparer.Ordinal))
        {
            bool isUseful = JobPods.IndexOf(pod) is { } index
                && index < (job.Spec.Completions ?? 0) && !done.Contains(index) && seen.Add(index);
            (isUseful ? useful : useless).Add(pod);
        }

        int more = useful.Count - wanted;
        return more > 0 ? [.. useless, .. DeletionOrder.First(useful, useful, more, cluster.Now)] : useless;
    }

    private async Task CreateAsync(
        ObjectDocument document, Job job, JobPods pods, int count, CancellationToken cancellationToken)
    {
        JsonObject template = document.ToJson().Object("spec", "template") ?? [];
        if (!job.Spec.IsIndexed)
        {
            await SlowStart.RunAsync(
                count,
                _ => control.CreateAsync(
                    document, JobPodFactory.Make(control, document, template, index: null, failures: null), cancellationToken));
            return;
        }

        int[] indexes = [.. Open(job, pods).Take(count)];
        await SlowStart.RunAsync(
            indexes.Length,
            i => control.CreateAsync(
                document, JobPodFactory.Make(control, document, template, indexes[i], failures: null), cancellationToken));
    }

    /// <summary>With a limit per index each index waits for itself, and its new pod carries how often it failed.</summary>
    private async Task<ReconcileResult> CreateIndexesAsync(
        ObjectDocument document, Job job, JobPods pods, int count, CancellationToken cancellationToken)
    {
        ReconcileResult result = ReconcileResult.Done;
        List<(int Index, (int Failures, int Ignored) Before)> due = [];
        foreach (int index in Open(job, pods))
        {
            ObjectDocument? last = pods.LastFailed(index);
            (int Failures, int Ignored) before = IndexFailures.After(job, last);
            TimeSpan wait = last is null ? TimeSpan.Zero : JobBackOff.Remaining(last, before.Failures, cluster.Now);
            if (wait > TimeSpan.Zero)
            {
                result = result.Or(ReconcileResult.After(wait));
            }
            else if (due.Count < count)
            {
                due.Add((index, before));
            }
        }

        JsonObject template = document.ToJson().Object("spec", "template") ?? [];
        await SlowStart.RunAsync(
            due.Count,
            i => control.CreateAsync(
                document, JobPodFactory.Make(control, document, template, due[i].Index, due[i].Before), cancellationToken));
        return result;
    }

    /// <summary>Indexes that have succeeded or failed for good.</summary>
    private static SortedSet<int> Decided(Job job)
    {
        int completions = job.Spec.Completions ?? 0;
        SortedSet<int> decided = IndexSet.Parse(job.Status.CompletedIndexes, completions);
        decided.UnionWith(IndexSet.Parse(job.Status.FailedIndexes, completions));
        return decided;
    }

    /// <summary>Indexes that are neither decided nor in the hands of a pod, the lowest first.</summary>
    private static IEnumerable<int> Open(Job job, JobPods pods)
    {
        SortedSet<int> decided = Decided(job);
        IEnumerable<ObjectDocument> holders = pods.All.Where(pod =>
            pod.IsActivePod() || (job.Spec.ReplacesOnlyFailed && pod.Metadata.IsBeingDeleted && !pod.AsPod().IsTerminal));
        HashSet<int> taken = [.. holders.Select(JobPods.IndexOf).OfType<int>()];
        return Enumerable.Range(0, job.Spec.Completions ?? 0).Where(index => !decided.Contains(index) && !taken.Contains(index));
    }
}
