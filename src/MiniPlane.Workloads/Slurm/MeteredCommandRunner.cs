namespace MiniPlane.Workloads.Slurm;

/// <summary>Counts and times what is asked of the site's programs.</summary>
internal sealed class MeteredCommandRunner(ICommandRunner runner, WorkloadMetrics metrics, TimeProvider time) : ICommandRunner
{
    public async ValueTask<CommandResult> RunAsync(CommandRequest request, CancellationToken cancellationToken)
    {
        long started = time.GetTimestamp();
        CommandResult result = await runner.RunAsync(request, cancellationToken);
        metrics.Called(request.Program, result, time.GetElapsedTime(started));
        return result;
    }
}
