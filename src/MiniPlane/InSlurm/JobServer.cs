using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MiniPlane.Connection;
using MiniPlane.Hosting;
using MiniPlane.Store.Locking;
using MiniPlane.Workloads.Backends;

namespace MiniPlane.InSlurm;

/// <summary>This process as the job that is the server.</summary>
internal sealed class JobServer : IDisposable
{
    private readonly TaskCompletionSource _timeIsUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PosixSignalRegistration _signal;
    private readonly string _dataDirectory;
    private readonly string _jobId;

    private JobServer(string dataDirectory, string jobId)
    {
        _dataDirectory = dataDirectory;
        _jobId = jobId;
        _signal = PosixSignalRegistration.Create((PosixSignal)ServerJob.HandoverSignal, context =>
        {
            context.Cancel = true;
            _timeIsUp.TrySetResult();
        });
    }

    /// <summary>Takes over from the job before this one: where that died with its host, it could not give the data directory up.</summary>
    public static async Task<JobServer> EnterAsync(UpOptions options, CancellationToken cancellationToken)
    {
        string jobId = Environment.GetEnvironmentVariable("SLURM_JOB_ID")
            ?? throw new CommandFailure("--as-job is for the job that `miniplane up --in-slurm` submits");
        var server = new JobServer(options.DataDirectory, jobId);
        DataDirectoryOwner? owner = DataDirectoryLock.FindOwner(options.DataDirectory);
        if (owner is { IsGone: false, IsHere: false }
            && ServerJobRecord.Load(options.DataDirectory) is { } record
            && record.Host == owner.Host
            && (record.ReadyJobId == jobId || await HasEndedAsync(options, record.ReadyJobId, cancellationToken)))
        {
            DataDirectoryLock.Forget(options.DataDirectory);
        }

        return server;
    }

    public void AddTo(IServiceCollection services) => services.AddSingleton<IHostedService>(provider => new HandoverLoop(
        _dataDirectory,
        _jobId,
        _timeIsUp.Task,
        provider.GetRequiredService<IWorkloadBackend>(),
        provider.GetRequiredService<IHostApplicationLifetime>(),
        provider.GetRequiredService<ILogger<HandoverLoop>>(),
        provider.GetRequiredService<TimeProvider>()));

    /// <summary>The server answers, and its kubeconfig is written.</summary>
    public void Ready()
    {
        if (ServerJobRecord.Load(_dataDirectory) is { } record)
        {
            (record with
            {
                JobId = _jobId,
                SuccessorId = record.SuccessorId == _jobId ? "" : record.SuccessorId,
                Host = Environment.MachineName,
                ReadyJobId = _jobId,
            }).Save(_dataDirectory);
        }
    }

    public void Dispose() => _signal.Dispose();

    private static async Task<bool> HasEndedAsync(UpOptions options, string jobId, CancellationToken cancellationToken)
    {
        await using var jobs = OfflineJobs.Open(options);
        return await jobs.Backend.FindJobAsync(jobId, cancellationToken) is JobsOutcome.Listed { Jobs: [{ } job] } && job.State.IsEnded();
    }
}
