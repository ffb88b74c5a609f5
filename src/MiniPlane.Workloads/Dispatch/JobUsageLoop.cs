using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;
using MiniPlane.Objects.Loops;
using MiniPlane.Workloads.Backends;
using MiniPlane.Workloads.Translation;

namespace MiniPlane.Workloads.Dispatch;

/// <summary>
/// Writes what ended jobs have used onto their pods: one question for many jobs, some seconds after their end, since the accounts
/// lag behind. Where there is no accounting it stops asking.
/// </summary>
internal sealed class JobUsageLoop(
    IWorkloadBackend backend, IClusterClient cluster, ClusterKinds kinds, JobUsageQueue queue, ILogger<JobUsageLoop> logger, TimeProvider time)
    : BackgroundLoop(logger, time)
{
    private const int MostAtOnce = 200;
    private const int MostTries = 6;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private bool _isOff;

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(Pause, Time, cancellationToken);
            await AskAsync(cancellationToken);
        }
    }

    /// <summary>One round.</summary>
    internal async Task AskAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<(ObjectKey Pod, string Uid, string JobId, int Tries)> jobs = queue.Take(MostAtOnce);
        if (jobs.Count == 0 || _isOff)
        {
            return;
        }

        if (await backend.FindUsageAsync([.. jobs.Select(job => job.JobId)], cancellationToken) is not { } usages)
        {
            _isOff = true;
            return;
        }

        var known = usages.ToDictionary(usage => usage.JobId, StringComparer.Ordinal);
        foreach ((ObjectKey pod, string uid, string jobId, int tries) in jobs)
        {
            if (known.TryGetValue(jobId, out JobUsage? usage))
            {
                await WriteAsync(pod, uid, usage, cancellationToken);
            }
            else if (tries < MostTries)
            {
                queue.Add(pod, uid, jobId, tries + 1);
            }
        }
    }

    private async Task WriteAsync(ObjectKey pod, string uid, JobUsage usage, CancellationToken cancellationToken)
    {
        var annotations = new JsonObject
        {
            [WorkloadAnnotations.UsedElapsed] = Seconds(usage.Elapsed.TotalSeconds),
            [WorkloadAnnotations.UsedCoreSeconds] = Seconds(usage.CoreSeconds),
            [WorkloadAnnotations.UsedCpuSeconds] = Seconds(usage.CpuTime.TotalSeconds),
        };
        if (usage.MaxMemoryBytes > 0)
        {
            annotations[WorkloadAnnotations.UsedMemory] = string.Create(CultureInfo.InvariantCulture, $"{usage.MaxMemoryBytes / 1024}Ki");
        }

        try
        {
            var patch = new JsonObject { ["metadata"] = new JsonObject { ["uid"] = uid, ["annotations"] = annotations } };
            await cluster.PatchAsync(kinds.Pods, pod, PatchType.Merge, patch, null, cancellationToken);
        }
        catch (ApiException exception) when (exception.Reason is "NotFound" or "Conflict")
        {
            // The pod is gone: nobody asks any more.
        }
    }

    private static string Seconds(double seconds) => seconds.ToString("0.###", CultureInfo.InvariantCulture);
}
