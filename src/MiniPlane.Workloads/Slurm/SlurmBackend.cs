using System.Globalization;
using MiniPlane.Workloads.Backends;

namespace MiniPlane.Workloads.Slurm;

/// <summary>
/// Jobs by Slurm's own programs. Idempotence: a pod's job is looked for in the queue before the first submission of a
/// process's life and after every submission whose fate is open; the job carries the pod's uid, so it is found.
/// </summary>
internal sealed class SlurmBackend(ICommandRunner runner, JobOwner owner) : IWorkloadBackend
{
    private const int MostRemembered = 50_000;

    // Guards the three fields below. Held for memory work only.
    private readonly Lock _gate = new();
    private readonly Dictionary<string, string> _jobOfPod = new(StringComparer.Ordinal);
    private readonly HashSet<string> _uncertain = new(StringComparer.Ordinal);
    private bool _hasListed;
    private volatile bool _arraysAreOff;

    public string Name => "slurm";

    public string Version { get; private set; } = "";

    public bool RunsAgents => true;

    public async ValueTask<bool> RunsOnThisHostAsync(CancellationToken cancellationToken)
    {
        CommandResult result = await RunAsync("sinfo", ["-h", "-N", "-o", $"%n{SlurmText.FieldEnd}%o"], cancellationToken);
        string[] lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return result.Succeeded && lines.Length > 0 && lines.All(line => LocalHost.Is(line.Split(SlurmText.FieldEnd)));
    }

    public async ValueTask<PartitionsOutcome> ListPartitionsAsync(CancellationToken cancellationToken)
    {
        if (Version.Length == 0)
        {
            CommandResult version = await RunAsync("sinfo", ["--version"], cancellationToken);
            Version = version.Succeeded ? version.Output.Trim().Split(' ')[^1] : "";
        }

        CommandResult result = await RunAsync("sinfo", SinfoOutput.Arguments, cancellationToken);
        return result.Succeeded
            ? new PartitionsOutcome.Listed(SinfoOutput.Parse(result.Output))
            : new PartitionsOutcome.Unavailable(SlurmText.ToMessage(result.Complaint));
    }

    public async ValueTask<JobsOutcome> ListJobsAsync(CancellationToken cancellationToken)
    {
        CommandResult result = await RunAsync("squeue", SqueueOutput.Arguments, cancellationToken);
        if (!result.Succeeded)
        {
            return new JobsOutcome.Unavailable(SlurmText.ToMessage(result.Complaint));
        }

        List<JobStatus> jobs = [.. SqueueOutput.Parse(result.Output, owner).Where(job => job.PodUid.Length > 0)];
        bool isFirst;
        lock (_gate)
        {
            isFirst = !_hasListed;
            _hasListed = true;
            if (_jobOfPod.Count > MostRemembered)
            {
                // Those that left the queue are on their pods by now.
                _jobOfPod.Clear();
            }

            foreach (JobStatus job in jobs.Where(job => !job.WasRefused).OrderBy(job => Number(job.JobId)))
            {
                _jobOfPod[job.PodUid] = job.JobId;
            }
        }

        if (isFirst)
        {
            owner.Arrays.Sweep(jobs.Select(job => job.PodUid).ToHashSet(StringComparer.Ordinal));
        }

        return new JobsOutcome.Listed(jobs);
    }

    public async ValueTask<JobsOutcome> FindJobAsync(string jobId, CancellationToken cancellationToken)
    {
        CommandResult shown = await RunAsync("scontrol", ["show", "job", "-o", jobId], cancellationToken);
        if (shown.Succeeded && ScontrolJobOutput.Parse(shown.Output, owner) is { } job)
        {
            return new JobsOutcome.Listed([job]);
        }

        if (!SlurmFailures.IsUnknownJob(shown))
        {
            return new JobsOutcome.Unavailable(SlurmText.ToMessage(shown.Complaint));
        }

        CommandResult accounted = await RunAsync("sacct", SacctOutput.ArgumentsFor(jobId), cancellationToken);
        JobStatus? remembered = accounted.Succeeded ? SacctOutput.Parse(accounted.Output, jobId) : null;
        return new JobsOutcome.Listed([remembered ?? new JobStatus { JobId = jobId, State = JobState.Lost }]);
    }

    public async ValueTask<SubmitOutcome> SubmitAsync(JobRequest request, CancellationToken cancellationToken)
    {
        if (MustLookFirst(request.PodUid)
            && await ListJobsAsync(cancellationToken) is JobsOutcome.Unavailable unavailable)
        {
            return new SubmitOutcome.Unavailable(unavailable.Message);
        }

        if (FindJobOf(request.PodUid) is { } known)
        {
            return new SubmitOutcome.Submitted(known, WasThere: true);
        }

        SetUncertain(request.PodUid, isUncertain: true);
        CommandResult result = await runner.RunAsync(
            new CommandRequest("sbatch", ["--parsable", .. request.Flags])
            {
                Input = request.Script,
                WorkingDirectory = request.Directory,
            },
            cancellationToken);
        if (result.Succeeded && ReadJobId(result.Output) is { } jobId)
        {
            Remember(request.PodUid, jobId);
            return new SubmitOutcome.Submitted(jobId, WasThere: false);
        }

        string message = SlurmText.ToMessage(result.Complaint);
        if (result.Succeeded || SlurmFailures.IsNoAnswer(result))
        {
            return new SubmitOutcome.Unavailable(message);
        }

        SetUncertain(request.PodUid, isUncertain: false);
        return SlurmFailures.IsLimit(result) ? new SubmitOutcome.Limited(message) : new SubmitOutcome.Rejected(message);
    }

    public async ValueTask<IReadOnlyList<JobUsage>?> FindUsageAsync(IReadOnlyList<string> jobIds, CancellationToken cancellationToken)
    {
        CommandResult result = await RunAsync("sacct", SacctUsageOutput.ArgumentsFor(jobIds), cancellationToken);
        return result.Succeeded ? SacctUsageOutput.Parse(result.Output)
            : SacctUsageOutput.IsOff(result) ? null
            : [];
    }

    public async ValueTask<IReadOnlyList<SubmitOutcome>?> SubmitArrayAsync(IReadOnlyList<JobRequest> requests, CancellationToken cancellationToken)
    {
        // What a lost answer may have started is looked for one by one, by the way of single submissions.
        if (_arraysAreOff || requests.Any(request => MustLookFirst(request.PodUid) || FindJobOf(request.PodUid) is not null))
        {
            return null;
        }

        string array = owner.Arrays.Create([.. requests.Select(request => request.PodUid)]);
        SetUncertain(requests, isUncertain: true);
        CommandResult result = await runner.RunAsync(
            new CommandRequest("sbatch", ["--parsable", .. ArrayScript.Flags(requests, owner.CommentFor(array), owner.PodsDirectory)])
            {
                Input = ArrayScript.Script(requests, owner.Arrays.FileOf(array)),
                WorkingDirectory = owner.PodsDirectory,
            },
            cancellationToken);
        if (result.Succeeded && ReadJobId(result.Output) is { } jobId)
        {
            var outcomes = new List<SubmitOutcome>();
            for (int i = 0; i < requests.Count; i++)
            {
                string task = string.Create(CultureInfo.InvariantCulture, $"{jobId}_{i}");
                Remember(requests[i].PodUid, task);
                outcomes.Add(new SubmitOutcome.Submitted(task, WasThere: false));
            }

            return outcomes;
        }

        string message = SlurmText.ToMessage(result.Complaint);
        if (result.Succeeded || SlurmFailures.IsNoAnswer(result))
        {
            return [.. requests.Select(_ => new SubmitOutcome.Unavailable(message))];
        }

        // Whatever is wrong, the pods by themselves hear it; a site without arrays is not asked again.
        owner.Arrays.Remove(array);
        SetUncertain(requests, isUncertain: false);
        _arraysAreOff |= result.Error.Contains("array", StringComparison.OrdinalIgnoreCase);
        return null;
    }

    public async ValueTask<CancelOutcome> CancelAsync(string jobId, CancelMode mode, CancellationToken cancellationToken)
    {
        string[] arguments = mode == CancelMode.Terminate ? ["--batch", "--signal=TERM", jobId] : [jobId];
        CommandResult result = await RunAsync("scancel", arguments, cancellationToken);
        return result.Succeeded || !SlurmFailures.IsNoAnswer(result)
            ? CancelOutcome.Accepted.Value
            : new CancelOutcome.Unavailable(SlurmText.ToMessage(result.Complaint));
    }

    private ValueTask<CommandResult> RunAsync(
        string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        runner.RunAsync(
            new CommandRequest(program, arguments) { Environment = CommandEnvironment.ForParsing }, cancellationToken);

    private bool MustLookFirst(string podUid)
    {
        lock (_gate)
        {
            return !_hasListed || _uncertain.Contains(podUid);
        }
    }

    private string? FindJobOf(string podUid)
    {
        lock (_gate)
        {
            return _jobOfPod.GetValueOrDefault(podUid);
        }
    }

    private void SetUncertain(string podUid, bool isUncertain)
    {
        lock (_gate)
        {
            _ = isUncertain ? _uncertain.Add(podUid) : _uncertain.Remove(podUid);
        }
    }

    private void SetUncertain(IEnumerable<JobRequest> requests, bool isUncertain)
    {
        foreach (JobRequest request in requests)
        {
            SetUncertain(request.PodUid, isUncertain);
        }
    }

    private void Remember(string podUid, string jobId)
    {
        lock (_gate)
        {
            _jobOfPod[podUid] = jobId;
            _uncertain.Remove(podUid);
        }
    }

    /// <summary><c>123</c>, or <c>123;cluster</c> in a federation; a site's wrapper may print lines of its own before it.</summary>
    private static string? ReadJobId(string output)
    {
        string? line = output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).LastOrDefault();
        string? id = line?.Split(';')[0];
        return id is not null && SlurmText.TryNumber(id, out _) ? id : null;
    }

    private static long Number(string jobId) => long.TryParse(jobId.Split('_')[0], CultureInfo.InvariantCulture, out long number) ? number : 0;
}
