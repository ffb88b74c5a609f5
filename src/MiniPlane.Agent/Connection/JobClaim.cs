namespace MiniPlane.Agent.Connection;

/// <summary>
/// One pod, one job: a submission whose answer was lost may be made again, and the first one arrive all the same. The job that starts
/// first puts its name into the pod's directory; another one sees it and leaves. The control plane reads it too, to know which of the
/// two is the pod's.
/// </summary>
internal static class JobClaim
{
    private const string FileName = "job-id";
    private const int MostLooks = 20;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>This job as squeue names it; empty outside of Slurm.</summary>
    public static string Name => Environment.GetEnvironmentVariable("SLURM_ARRAY_JOB_ID") is { Length: > 0 } array
        ? $"{array}_{Environment.GetEnvironmentVariable("SLURM_ARRAY_TASK_ID")}"
        : Environment.GetEnvironmentVariable("SLURM_JOB_ID") ?? "";

    /// <summary>The job that has the pod, when it is another one than <paramref name="job"/>; null when the pod is this job's now.</summary>
    public static async Task<string?> TakeAsync(string podDirectory, string job, TimeProvider time, CancellationToken cancellationToken)
    {
        string path = Path.Combine(podDirectory, FileName);
        try
        {
            for (int look = 0; job.Length > 0 && look < MostLooks; look++)
            {
                if (TryWrite(path, job, FileMode.CreateNew))
                {
                    return null;
                }

                if ((await File.ReadAllTextAsync(path, cancellationToken)).Trim() is { Length: > 0 } first)
                {
                    return first == job ? null : first;
                }

                // Another one has made it and not yet written, unless it died in between.
                await Task.Delay(Pause, time, cancellationToken);
            }

            _ = job.Length > 0 && TryWrite(path, job, FileMode.Create);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A directory that cannot be written holds no second job off, and is no reason to run none.
        }

        return null;
    }

    private static bool TryWrite(string path, string job, FileMode mode)
    {
        try
        {
            using FileStream file = new(path, mode, FileAccess.Write, FileShare.Read);
            file.Write(System.Text.Encoding.ASCII.GetBytes(job + "\n"));
            return true;
        }
        catch (IOException) when (mode == FileMode.CreateNew && File.Exists(path))
        {
            return false;
        }
    }
}
