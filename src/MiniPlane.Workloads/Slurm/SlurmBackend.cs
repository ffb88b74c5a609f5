using System.Globalization;
using MiniPlane.Workloads.Backends;

namespace MiniPlane.Workloads.Slurm;

/// <summary>
/// Jobs of Slurm, by its programs or by slurmrestd. Idempotence: a pod's job is looked for in the queue before the first submission
/// of a process's life and after every submission whose fate is open; the job carries the pod's uid, so it is found.
/// </summary>
internal sealed class SlurmBackend(ISlurmClient slurm, JobOwner owner) : IWorkloadBackend
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

    public ValueTask<bool> RunsOnThisHostAsync(CancellationToken cancellationToken) => slurm.RunsOnThisHostAsync(cancellationToken);

    public async ValueTask<PartitionsOutcome> ListPartitionsAsync(CancellationToken cancellationToken)
    {
        if (Version.Length == 0)
        {
            Version = await slurm.FindVersionAsync(cancellationToken);
        }

        return await slurm.ListPartitionsAsync(cancellationToken);
    }

    public async ValueTask<JobsOutcome> ListJobsAsync(CancellationToken cancellationToken)
    {
        JobsOutcome outcome = await slurm.ListJobsAsync(cancellationToken);
        if (outcome is not JobsOutcome.Listed listed)
        {
            return outcome;
        }

        List<JobStatus> jobs = [.. listed.Jobs.Where(job => job.PodUid.Length > 0)];
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

    public ValueTask<JobsOutcome> FindJobAsync(string jobId, CancellationToken cancellationToken) => slurm.FindJobAsync(jobId, cancellationToken);

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
        SubmitOutcome outcome = await slurm.SubmitAsync(new SlurmSubmission(request.Flags, request.Script, request.Directory), cancellationToken);
        switch (outcome)
        {
            case SubmitOutcome.Submitted submitted:
                Remember(request.PodUid, submitted.JobId);
                break;
            case SubmitOutcome.Rejected or SubmitOutcome.Limited:
                SetUncertain(request.PodUid, isUncertain: false);
                break;
        }

        return outcome;
    }

    public ValueTask<IReadOnlyList<JobUsage>?> FindUsageAsync(IReadOnlyList<string> jobIds, CancellationToken cancellationToken) =>
        slurm.FindUsageAsync(jobIds, cancellationToken);

    public async ValueTask<IReadOnlyList<SubmitOutcome>?> SubmitArrayAsync(IReadOnlyList<JobRequest> requests, CancellationToken cancellationToken)
    {
        // What a lost answer may have started is looked for one by one, by the way of single submissions.
        if (_arraysAreOff || requests.Any(request => MustLookFirst(request.PodUid) || FindJobOf(request.PodUid) is not null))
        {
            return null;
        }

        string array = owner.Arrays.Create([.. requests.Select(request => request.PodUid)]);
        SetUncertain(requests, isUncertain: true);
        SubmitOutcome outcome = await slurm.SubmitAsync(
            new SlurmSubmission(
                ArrayScript.Flags(requests, owner.CommentFor(array), owner.PodsDirectory),
                ArrayScript.Script(requests, owner.Arrays.FileOf(array)),
                owner.PodsDirectory),
            cancellationToken);
        switch (outcome)
        {
            case SubmitOutcome.Submitted submitted:
                return [.. requests.Select((request, index) => ToTask(request, submitted.JobId, index))];
            case SubmitOutcome.Unavailable:
                return [.. requests.Select(_ => outcome)];
        }

        // Whatever is wrong, the pods by themselves hear it; a site without arrays is not asked again.
        owner.Arrays.Remove(array);
        SetUncertain(requests, isUncertain: false);
        _arraysAreOff |= outcome is SubmitOutcome.Rejected rejected && rejected.Message.Contains("array", StringComparison.OrdinalIgnoreCase);
        return null;
    }

    public ValueTask<CancelOutcome> CancelAsync(string jobId, CancelMode mode, CancellationToken cancellationToken) =>
        slurm.CancelAsync(jobId, mode, cancellationToken);

    private SubmitOutcome.Submitted ToTask(JobRequest request, string jobId, int index)
    {
        string task = string.Create(CultureInfo.InvariantCulture, $"{jobId}_{index}");
        Remember(request.PodUid, task);
        return new SubmitOutcome.Submitted(task, WasThere: false);
    }

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

    private static long Number(string jobId) => long.TryParse(jobId.Split('_')[0], CultureInfo.InvariantCulture, out long number) ? number : 0;
}
