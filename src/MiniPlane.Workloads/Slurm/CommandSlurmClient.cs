using MiniPlane.Workloads.Backends;

namespace MiniPlane.Workloads.Slurm;

/// <summary>Slurm by its own programs.</summary>
internal sealed class CommandSlurmClient(ICommandRunner runner, JobOwner owner) : ISlurmClient
{
    public async ValueTask<string> FindVersionAsync(CancellationToken cancellationToken)
    {
        CommandResult version = await RunAsync("sinfo", ["--version"], cancellationToken);
        return version.Succeeded ? version.Output.Trim().Split(' ')[^1] : "";
    }

    public async ValueTask<bool> RunsOnThisHostAsync(CancellationToken cancellationToken)
    {
        CommandResult result = await RunAsync("sinfo", ["-h", "-N", "-o", $"%n{SlurmText.FieldEnd}%o"], cancellationToken);
        string[] lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return result.Succeeded && lines.Length > 0 && lines.All(line => LocalHost.Is(line.Split(SlurmText.FieldEnd)));
    }

    public async ValueTask<PartitionsOutcome> ListPartitionsAsync(CancellationToken cancellationToken)
    {
        CommandResult result = await RunAsync("sinfo", SinfoOutput.Arguments, cancellationToken);
        return result.Succeeded
            ? new PartitionsOutcome.Listed(SinfoOutput.Parse(result.Output))
            : new PartitionsOutcome.Unavailable(SlurmText.ToMessage(result.Complaint));
    }

    public async ValueTask<JobsOutcome> ListJobsAsync(CancellationToken cancellationToken)
    {
        CommandResult result = await RunAsync("squeue", SqueueOutput.Arguments, cancellationToken);
        return result.Succeeded
            ? new JobsOutcome.Listed(SqueueOutput.Parse(result.Output, owner))
            : new JobsOutcome.Unavailable(SlurmText.ToMessage(result.Complaint));
    }

    public async ValueTask<JobsOutcome> FindJobAsync(string jobId, CancellationToken cancellationToken)
    {
        CommandResult shown = await RunAsync("scontrol", ["show", "job", "-o", jobId], cancellationToken);
        if (shown.Succeeded && ScontrolJobOutput.Parse(shown.Output, owner) is { } job)
        {
            return new JobsOutcome.Listed([job]);
        }

        if (!SlurmFailures.IsUnknownJob(shown.Error))
        {
            return new JobsOutcome.Unavailable(SlurmText.ToMessage(shown.Complaint));
        }

        CommandResult accounted = await RunAsync("sacct", SacctOutput.ArgumentsFor(jobId), cancellationToken);
        JobStatus? remembered = accounted.Succeeded ? SacctOutput.Parse(accounted.Output, jobId) : null;
        return new JobsOutcome.Listed([remembered ?? new JobStatus { JobId = jobId, State = JobState.Lost }]);
    }

    public async ValueTask<SubmitOutcome> SubmitAsync(SlurmSubmission submission, CancellationToken cancellationToken)
    {
        CommandResult result = await runner.RunAsync(
            new CommandRequest("sbatch", ["--parsable", .. submission.Flags])
            {
                Input = submission.Script,
                WorkingDirectory = submission.Directory,
            },
            cancellationToken);
        if (result.Succeeded && ReadJobId(result.Output) is { } jobId)
        {
            return new SubmitOutcome.Submitted(jobId, WasThere: false);
        }

        string message = SlurmText.ToMessage(result.Complaint);
        return result.Succeeded || SlurmFailures.IsNoAnswer(result) ? new SubmitOutcome.Unavailable(message)
            : SlurmFailures.IsLimit(result.Error) ? new SubmitOutcome.Limited(message)
            : new SubmitOutcome.Rejected(message);
    }

    public async ValueTask<IReadOnlyList<JobUsage>?> FindUsageAsync(IReadOnlyList<string> jobIds, CancellationToken cancellationToken)
    {
        CommandResult result = await RunAsync("sacct", SacctUsageOutput.ArgumentsFor(jobIds), cancellationToken);
        return result.Succeeded ? SacctUsageOutput.Parse(result.Output)
            : SacctUsageOutput.IsOff(result) ? null
            : [];
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

    /// <summary><c>123</c>, or <c>123;cluster</c> in a federation; a site's wrapper may print lines of its own before it.</summary>
    private static string? ReadJobId(string output)
    {
        string? line = output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).LastOrDefault();
        string? id = line?.Split(';')[0];
        return id is not null && SlurmText.TryNumber(id, out _) ? id : null;
    }
}
