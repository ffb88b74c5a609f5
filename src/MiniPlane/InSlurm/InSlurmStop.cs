using MiniPlane.CommandLine;
using MiniPlane.Hosting;
using MiniPlane.Workloads.Backends;

namespace MiniPlane.InSlurm;

/// <summary>For <c>miniplane down</c> while no server runs: one that waits in the queue must not start later.</summary>
internal static class InSlurmStop
{
    /// <summary>Takes the server's job and its successor out of the queue; true when there was one.</summary>
    public static async Task<bool> CancelAsync(string dataDirectory, Terminal terminal, CancellationToken cancellationToken)
    {
        if (ServerJobRecord.Load(dataDirectory) is not { } record)
        {
            return false;
        }

        bool wasThere = false;
        await using var jobs = OfflineJobs.Open(dataDirectory);
        foreach (string jobId in new[] { record.SuccessorId, record.JobId }.Where(id => id.Length > 0))
        {
            if (await jobs.Backend.FindJobAsync(jobId, cancellationToken) is JobsOutcome.Listed { Jobs: [{ } job, ..] } && !job.State.IsEnded())
            {
                await jobs.Backend.CancelAsync(jobId, CancelMode.Kill, cancellationToken);
                terminal.Step($"Job {jobId}, which was to be the server, is taken out of the queue");
                wasThere = true;
            }
        }

        ServerJobRecord.Remove(dataDirectory);
        return wasThere;
    }
}
