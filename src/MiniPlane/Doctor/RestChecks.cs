using System.Globalization;
using MiniPlane.Objects.Documents;
using MiniPlane.Workloads.Backends;

namespace MiniPlane.Doctor;

/// <summary>What <see cref="SlurmChecks"/> finds out, where slurmrestd stands for Slurm's programs.</summary>
/// <param name="way">How it is reached, in words.</param>
/// <param name="backend">The backend that uses it.</param>
/// <param name="time">For pauses.</param>
internal sealed class RestChecks(string way, IWorkloadBackend backend, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>The partitions in which a job could run, the default one first.</summary>
    public IReadOnlyList<string> Partitions { get; private set; } = [];

    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        PartitionsOutcome partitions = await backend.ListPartitionsAsync(cancellationToken);
        if (partitions is not PartitionsOutcome.Listed listed)
        {
            string why = partitions is PartitionsOutcome.Unavailable unavailable ? unavailable.Message : "no answer";
            return [Finding.Broken("slurmrestd", why, "see that slurmrestd runs at the address of the setting slurmrestd, and that it knows you: by a socket of your own (slurmrestd -a rest_auth/local), or by a token (scontrol token)")];
        }

        Partitions =
        [
            .. listed.Partitions.Where(partition => partition is { Availability: "up", UsableNodes: > 0 })
                .OrderByDescending(partition => partition.IsDefault).Select(partition => partition.Name),
        ];
        JobsOutcome jobs = await backend.ListJobsAsync(cancellationToken);
        bool hasAccounts = await backend.FindUsageAsync(["1"], cancellationToken) is not null;
        return
        [
            Finding.Fine("slurmrestd", $"Slurm {backend.Version}, {way}"),
            Partitions.Count > 0
                ? Finding.Fine("partitions", string.Join(", ", Partitions))
                : Finding.Broken("partitions", $"none has a node that could run a job (there are: {string.Join(", ", listed.Partitions.Select(partition => partition.Name))})", "wait, or ask the administrator: `sinfo -R` shows why nodes are down"),
            jobs is JobsOutcome.Unavailable trouble
                ? Finding.Broken("queue", trouble.Message, "ask the administrator whether the token or socket may read jobs")
                : Finding.Fine("queue", "jobs are listed"),
            hasAccounts
                ? Finding.Fine("accounting", "slurmrestd serves accounts: jobs are remembered after they left the queue")
                : Finding.Weak("accounting", "slurmrestd serves no accounts: ended jobs are forgotten after MinJobAge", "nothing, as long as MiniPlane is not down for longer than that; else ask for slurmdbd and its plug-in of slurmrestd"),
        ];
    }

    /// <summary>Runs a script as a job and returns what it printed, or why it did not.</summary>
    /// <param name="script">For a POSIX shell.</param>
    /// <param name="flags">Flags for sbatch.</param>
    /// <param name="directory">Where the output goes, on a file system that the nodes see.</param>
    /// <param name="limit">How long it may wait in the queue and run.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<(string Output, string Trouble)> RunJobAsync(
        string script, IEnumerable<string> flags, string directory, TimeSpan limit, CancellationToken cancellationToken)
    {
        string file = Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $".doctor-{Guid.NewGuid():N}.out"));
        SubmitOutcome outcome = await backend.SubmitAsync(
            new JobRequest
            {
                PodUid = $"doctor-{Guid.NewGuid():N}",
                Pod = ObjectKey.Cluster("doctor"),
                Partition = "",
                Directory = directory,
                Script = $"#!/bin/sh\n{script}\necho end=yes\n",
                Flags = [.. flags, $"--output={file}", "--job-name=miniplane-doctor", "--ntasks=1", "--time=2", "--chdir=/"],
                Cpus = 1,
                MemoryMiB = 0,
            },
            cancellationToken);
        if (outcome is not SubmitOutcome.Submitted job)
        {
            return ("", outcome switch
            {
                SubmitOutcome.Rejected rejected => rejected.Message,
                SubmitOutcome.Limited limited => limited.Message,
                SubmitOutcome.Unavailable unavailable => unavailable.Message,
                _ => "",
            });
        }

        try
        {
            long started = time.GetTimestamp();
            while (time.GetElapsedTime(started) < limit)
            {
                string output = File.Exists(file) ? await File.ReadAllTextAsync(file, cancellationToken) : "";
                if (output.Contains("end=yes", StringComparison.Ordinal))
                {
                    return (output, "");
                }

                await Task.Delay(Pause, time, cancellationToken);
            }

            return ("", $"job {job.JobId} did not end in time");
        }
        finally
        {
            await backend.CancelAsync(job.JobId, CancelMode.Kill, CancellationToken.None);
            File.Delete(file);
        }
    }
}
