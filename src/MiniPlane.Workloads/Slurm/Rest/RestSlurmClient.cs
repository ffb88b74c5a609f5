using System.Globalization;
using System.Text.Json;
using MiniPlane.Workloads.Backends;
using MiniPlane.Workloads.Translation;

namespace MiniPlane.Workloads.Slurm.Rest;

/// <summary>Slurm by slurmrestd.</summary>
internal sealed class RestSlurmClient(RestCaller rest, JobOwner owner, long? userId) : ISlurmClient
{
    private string _version = "";

    public async ValueTask<string> FindVersionAsync(CancellationToken cancellationToken)
    {
        using RestAnswer answer = await rest.GetAsync(versions => $"{versions.Prefix}ping", cancellationToken);
        Note(answer);
        return _version;
    }

    public async ValueTask<bool> RunsOnThisHostAsync(CancellationToken cancellationToken)
    {
        using RestAnswer nodes = await rest.GetAsync(versions => $"{versions.Prefix}nodes", cancellationToken);
        IReadOnlyList<string[]> hosts = RestPartitions.Hosts(nodes.Root);
        return nodes.Succeeded && hosts.Count > 0 && hosts.All(LocalHost.Is);
    }

    public async ValueTask<PartitionsOutcome> ListPartitionsAsync(CancellationToken cancellationToken)
    {
        using RestAnswer partitions = await rest.GetAsync(versions => $"{versions.Prefix}partitions", cancellationToken);
        if (!partitions.Succeeded)
        {
            return new PartitionsOutcome.Unavailable(partitions.Complaint);
        }

        using RestAnswer nodes = await rest.GetAsync(versions => $"{versions.Prefix}nodes", cancellationToken);
        return nodes.Succeeded
            ? new PartitionsOutcome.Listed(RestPartitions.Parse(partitions.Root, nodes.Root))
            : new PartitionsOutcome.Unavailable(nodes.Complaint);
    }

    public async ValueTask<JobsOutcome> ListJobsAsync(CancellationToken cancellationToken)
    {
        using RestAnswer answer = await rest.GetAsync(versions => $"{versions.Prefix}jobs", cancellationToken);
        return answer.Succeeded
            ? new JobsOutcome.Listed(RestJobs.Parse(answer.Root, owner, userId))
            : new JobsOutcome.Unavailable(answer.Complaint);
    }

    public async ValueTask<JobsOutcome> FindJobAsync(string jobId, CancellationToken cancellationToken)
    {
        using RestAnswer answer = await rest.GetAsync(versions => $"{versions.Prefix}job/{Uri.EscapeDataString(jobId)}", cancellationToken);
        JobStatus? found = RestJobs.Parse(answer.Root, owner, userId: null).FirstOrDefault(job => job.JobId == jobId);
        if (found is not null)
        {
            return new JobsOutcome.Listed([found]);
        }

        if (!answer.IsAnswer || !(answer.Succeeded || SlurmFailures.IsUnknownJob(answer.Complaint)))
        {
            return new JobsOutcome.Unavailable(answer.Complaint);
        }

        using RestAnswer accounted = await AccountAsync(jobId, cancellationToken);
        JobStatus? remembered = accounted.Succeeded ? RestUsage.ParseStatus(accounted.Root, jobId) : null;
        return new JobsOutcome.Listed([remembered ?? new JobStatus { JobId = jobId, State = JobState.Lost }]);
    }

    public async ValueTask<SubmitOutcome> SubmitAsync(SlurmSubmission submission, CancellationToken cancellationToken)
    {
        FlagSet flags = ScriptDirectives.Merge(submission);
        IReadOnlyDictionary<string, string> environment = JobEnvironment.OfThisProcess(flags.Find("export"));

        // Agrees on the version, which decides what can be said.
        if (rest.Versions is null && await FindVersionAsync(cancellationToken) is { Length: 0 } && rest.Versions is null)
        {
            return new SubmitOutcome.Unavailable($"{rest.Address.Text} does not answer");
        }

        if (rest.Versions?.IsTyped == true)
        {
            RelativeMoment.Resolve(flags, rest.Now);
        }

        if (rest.Versions is { } agreed && RestJobDescription.Refusal(flags, agreed.IsTyped) is { Length: > 0 } refusal)
        {
            return new SubmitOutcome.Rejected(refusal);
        }

        using RestAnswer answer = await rest.CallAsync(
            HttpMethod.Post,
            versions => $"{versions.Prefix}job/submit",
            versions => RestJobDescription.Make(submission, flags, versions, environment),
            cancellationToken);

        // A job that is held, or for which there is no room now, has a number and a complaint: it is in the queue all the same.
        if (JobIdOf(answer.Root) is { } jobId)
        {
            return new SubmitOutcome.Submitted(jobId, WasThere: false);
        }

        return answer.Succeeded || !answer.IsAnswer ? new SubmitOutcome.Unavailable(answer.Complaint.Length > 0 ? answer.Complaint : "slurmrestd took the job and did not say its number")
            : SlurmFailures.IsLimit(answer.Complaint) ? new SubmitOutcome.Limited(answer.Complaint)
            : new SubmitOutcome.Rejected(answer.Complaint);
    }

    public async ValueTask<IReadOnlyList<JobUsage>?> FindUsageAsync(IReadOnlyList<string> jobIds, CancellationToken cancellationToken)
    {
        if (rest.Versions is { HasAccounts: false })
        {
            return null;
        }

        var found = new List<JobUsage>();
        foreach (string jobId in jobIds)
        {
            using RestAnswer answer = await AccountAsync(jobId, cancellationToken);
            if (answer.Succeeded && RestUsage.Parse(answer.Root, jobId) is { } usage)
            {
                found.Add(usage);
            }
        }

        return found;
    }

    public async ValueTask<CancelOutcome> CancelAsync(string jobId, CancelMode mode, CancellationToken cancellationToken)
    {
        using RestAnswer answer = await rest.CallAsync(
            HttpMethod.Delete, versions => $"{versions.Prefix}job/{Uri.EscapeDataString(jobId)}{Query(versions, mode)}", null, cancellationToken);
        return answer.IsAnswer ? CancelOutcome.Accepted.Value : new CancelOutcome.Unavailable(answer.Complaint);
    }

    // Only typed versions can tell the batch script from the rest of the job.
    private static string Query(RestVersions versions, CancelMode mode) =>
        mode == CancelMode.Kill ? ""
        : versions.IsTyped ? "?signal=TERM&flags=BATCH_JOB"
        : "?signal=TERM";

    private Task<RestAnswer> AccountAsync(string jobId, CancellationToken cancellationToken) => rest.Versions is { HasAccounts: true }
        ? rest.GetAsync(versions => $"{versions.AccountsPrefix}job/{Uri.EscapeDataString(jobId)}", cancellationToken)
        : Task.FromResult(RestAnswer.NoAnswer("slurmrestd serves no accounts"));

    private static string? JobIdOf(JsonElement root) =>
        (RestValue.Number(root, "job_id") ?? RestValue.Number(root, "result", "job_id")) is { } id and > 0 ? id.ToString(CultureInfo.InvariantCulture) : null;

    private void Note(RestAnswer answer)
    {
        if (answer.Succeeded)
        {
            string release = RestValue.Text(answer.Root, "meta", "slurm", "release");
            _version = release.Length > 0 ? release : RestValue.Text(answer.Root, "meta", "Slurm", "release");
        }
    }
}
