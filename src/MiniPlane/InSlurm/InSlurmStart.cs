using System.Globalization;
using MiniPlane.CommandLine;
using MiniPlane.Connection;
using MiniPlane.Hosting;
using MiniPlane.Store.Locking;
using MiniPlane.Workloads.Backends;

namespace MiniPlane.InSlurm;

/// <summary><c>miniplane up --in-slurm</c>, on the login node: submits the server and follows it until it is ready.</summary>
internal static class InSlurmStart
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const int LinesShown = 15;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromMinutes(3);

    public static async Task<int> RunAsync(UpOptions options, InSlurmRequest asked, Terminal terminal, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(options.DataDirectory, OwnerOnly);
        Directory.CreateDirectory(Path.Combine(options.DataDirectory, "logs"), OwnerOnly);
        await using var jobs = OfflineJobs.Open(options);
        if (jobs.Backend.Name is not ("slurm" or "slurmrestd"))
        {
            throw new CommandFailure("no Slurm answers here, so nothing can be submitted; `miniplane doctor` says what is missing, `miniplane up` runs the cluster on this host");
        }

        ServerJobRecord record = await FindOrSubmitAsync(options, asked, jobs.Backend, terminal, cancellationToken);
        try
        {
            await FollowAsync(options.DataDirectory, record, jobs.Backend, terminal, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            terminal.Line($"Job {record.JobId} goes on. The same command follows it again; `scancel {record.JobId}` ends it.");
            throw;
        }

        return ExitCodes.Success;
    }

    private static async Task<ServerJobRecord> FindOrSubmitAsync(
        UpOptions options, InSlurmRequest asked, IWorkloadBackend backend, Terminal terminal, CancellationToken cancellationToken)
    {
        if (ServerJobRecord.Load(options.DataDirectory) is { } known)
        {
            foreach (string jobId in new[] { known.JobId, known.SuccessorId }.Where(id => id.Length > 0))
            {
                if (await FindAsync(backend, jobId, cancellationToken) is { } job && !job.State.IsEnded() && job.State != JobState.Completing)
                {
                    terminal.Step($"Job {jobId} is the cluster already");
                    return known with { JobId = jobId };
                }
            }
        }

        if (DataDirectoryLock.FindOwner(options.DataDirectory) is { IsGone: false } owner)
        {
            throw new CommandFailure(
                string.Create(CultureInfo.InvariantCulture, $"{options.DataDirectory} is in use by MiniPlane on host {owner.Host}, process {owner.Pid}; stop it with `miniplane down`"),
                ExitCodes.AlreadyRunning);
        }

        string partition = asked.Partition.Length > 0 ? $"--partition={asked.Partition}" : "";
        var record = new ServerJobRecord
        {
            JobId = "",
            Script = ServerJob.Script(ServerJob.Program(), options.DataDirectory, options.Given, [options.Site().SbatchFlags, partition, asked.Flags]),
            WorkingDirectory = Environment.CurrentDirectory,
            TimeLimit = asked.TimeLimit,
        };
        SubmitOutcome outcome = await backend.SubmitAsync(ServerJob.Request(record, options.DataDirectory, predecessor: ""), cancellationToken);
        if (outcome is not SubmitOutcome.Submitted submitted)
        {
            string why = outcome is SubmitOutcome.Rejected rejected ? rejected.Message : ((SubmitOutcome.Unavailable)outcome).Message;
            throw new CommandFailure($"the job was not accepted: {why}");
        }

        record = record with { JobId = submitted.JobId };
        record.Save(options.DataDirectory);
        terminal.Step($"Submitted job {record.JobId}, for {record.TimeLimit}");
        return record;
    }

    private static async Task FollowAsync(
        string dataDirectory, ServerJobRecord record, IWorkloadBackend backend, Terminal terminal, CancellationToken cancellationToken)
    {
        string told = "";
        long? running = null;
        while (true)
        {
            JobStatus? job = await FindAsync(backend, record.JobId, cancellationToken);
            if (job is not null)
            {
                string now = Describe(job);
                if (now != told)
                {
                    terminal.Step(now);
                    told = now;
                }

                if (job.State.IsEnded())
                {
                    throw new CommandFailure($"{now} before the cluster was ready. The end of what it said:\n{OutputOf(dataDirectory, record.JobId)}");
                }

                running ??= job.State == JobState.Running ? TimeProvider.System.GetTimestamp() : null;
            }

            if (ServerJobRecord.Load(dataDirectory)?.ReadyJobId == record.JobId && await AnswersAsync(dataDirectory, cancellationToken) is { } url)
            {
                Banner.InSlurm(terminal, url, dataDirectory);
                return;
            }

            if (running is { } since && TimeProvider.System.GetElapsedTime(since) > ReadyLimit)
            {
                throw new CommandFailure(
                    $"job {record.JobId} runs, but its server does not answer this host. The end of what it said:\n{OutputOf(dataDirectory, record.JobId)}");
            }

            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        }
    }

    private static async Task<JobStatus?> FindAsync(IWorkloadBackend backend, string jobId, CancellationToken cancellationToken) =>
        await backend.FindJobAsync(jobId, cancellationToken) is JobsOutcome.Listed { Jobs: [{ } job, ..] } ? job : null;

    private static string Describe(JobStatus job)
    {
        string why = job.Reason.Length > 0 && job.State.IsQueued() ? $" ({job.Reason})" : "";
        string where = job.BatchHost.Length > 0 && !job.State.IsEnded() ? $" on {job.BatchHost}" : "";
        return $"Job {job.JobId} is {job.State.ToString().ToLowerInvariant()}{where}{why}";
    }

    private static async Task<string?> AnswersAsync(string dataDirectory, CancellationToken cancellationToken)
    {
        using var server = ServerConnection.Open(dataDirectory);
        try
        {
            await server.CopyAsync("/readyz", Stream.Null, cancellationToken);
            return server.Server;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return null;
        }
    }

    private static string OutputOf(string dataDirectory, string jobId)
    {
        string file = Path.Combine(dataDirectory, "logs", $"server-{jobId}.out");
        return File.Exists(file) ? string.Join('\n', File.ReadLines(file).TakeLast(LinesShown).Select(line => "  " + line)) : $"  ({file} is not there)";
    }
}
