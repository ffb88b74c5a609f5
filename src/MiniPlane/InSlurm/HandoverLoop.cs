using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MiniPlane.Objects.Loops;
using MiniPlane.Workloads.Backends;

namespace MiniPlane.InSlurm;

/// <summary>
/// In the server that is a job: has a successor wait for this job's end, and ends the server when Slurm says that its time is nearly
/// up. Ended in any other way (<c>miniplane down</c>, scancel) it takes the successor out of the queue.
/// </summary>
internal sealed partial class HandoverLoop(
    string dataDirectory, string jobId, Task timeIsUp, IWorkloadBackend backend, IHostApplicationLifetime lifetime, ILogger<HandoverLoop> logger, TimeProvider time)
    : BackgroundLoop(logger, time)
{
    private static readonly TimeSpan SubmitLimit = TimeSpan.FromSeconds(20);

    private readonly ILogger _logger = logger;
    private bool _handsOver;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (_handsOver || ServerJobRecord.Load(dataDirectory) is not { } record || record.JobId != jobId)
        {
            return;
        }

        if (record.SuccessorId.Length > 0)
        {
            await backend.CancelAsync(record.SuccessorId, CancelMode.Kill, cancellationToken);
            LogCancelled(_logger, record.SuccessorId);
        }

        ServerJobRecord.Remove(dataDirectory);
    }

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        if (ServerJobRecord.Load(dataDirectory) is not { } record)
        {
            LogNoRecord(_logger, dataDirectory);
            await Task.Delay(Timeout.InfiniteTimeSpan, Time, cancellationToken);
            return;
        }

        using var probation = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(Task.Delay(ServerJob.Probation(record.TimeLimit), Time, probation.Token), timeIsUp);
        await probation.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
        await SubmitSuccessorAsync(cancellationToken);
        await timeIsUp.WaitAsync(cancellationToken);
        LogTimeIsUp(_logger, jobId);
        _handsOver = true;
        lifetime.StopApplication();
        await Task.Delay(Timeout.InfiniteTimeSpan, Time, cancellationToken);
    }

    private async Task SubmitSuccessorAsync(CancellationToken cancellationToken)
    {
        if (ServerJobRecord.Load(dataDirectory) is not { SuccessorId: "" } record)
        {
            return;
        }

        using var limit = new CancellationTokenSource(SubmitLimit, Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        switch (await backend.SubmitAsync(ServerJob.Request(record, dataDirectory, predecessor: jobId), either.Token))
        {
            case SubmitOutcome.Submitted submitted:
                (record with { SuccessorId = submitted.JobId }).Save(dataDirectory);
                LogSubmitted(_logger, submitted.JobId, jobId);
                break;
            case SubmitOutcome.Rejected rejected:
                // The same request will be refused again; the cluster ends with this job, and its log says why.
                LogRefused(_logger, rejected.Message);
                break;
            case SubmitOutcome.Unavailable when timeIsUp.IsCompleted:
                break;
            case SubmitOutcome.Unavailable unavailable:
                throw new InvalidOperationException($"no successor can be submitted: {unavailable.Message}");
        }
    }

    [LoggerMessage(8030, LogLevel.Information, "Job {Successor} will go on with the cluster when job {Job} has ended")]
    private static partial void LogSubmitted(ILogger logger, string successor, string job);

    [LoggerMessage(8031, LogLevel.Error, "No successor: {Message}. The cluster ends with this job; start it again with miniplane up --in-slurm")]
    private static partial void LogRefused(ILogger logger, string message);

    [LoggerMessage(8032, LogLevel.Information, "The time of job {Job} is nearly up: its successor takes over")]
    private static partial void LogTimeIsUp(ILogger logger, string job);

    [LoggerMessage(8033, LogLevel.Information, "Job {Successor} was taken out of the queue: the cluster was stopped")]
    private static partial void LogCancelled(ILogger logger, string successor);

    [LoggerMessage(8034, LogLevel.Warning, "{Directory} does not say how this job was submitted, so it has no successor")]
    private static partial void LogNoRecord(ILogger logger, string directory);
}
