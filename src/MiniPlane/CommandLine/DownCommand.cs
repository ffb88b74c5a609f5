using System.CommandLine;
using System.Globalization;
using MiniPlane.Connection;
using MiniPlane.Hosting;
using MiniPlane.InSlurm;
using MiniPlane.Operations;
using MiniPlane.Store.Locking;
using MiniPlane.Workloads.Backends;

namespace MiniPlane.CommandLine;

/// <summary><c>miniplane down</c>: ends the server; with <c>--cancel-jobs</c> its jobs too.</summary>
internal static class DownCommand
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan JobGrace = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan JobLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    public static Command Create(Terminal terminal)
    {
        Option<string?> dataDir = CommandGuard.DataDir();
        var cancelJobs = new Option<bool>("--cancel-jobs") { Description = "End the cluster's jobs too, so that nothing of it runs on." };
        var command = new Command("down", "Stop the cluster; jobs go on unless --cancel-jobs is given.") { dataDir, cancelJobs };
        command.SetAction((parsed, cancellationToken) => CommandGuard.RunAsync(
            terminal,
            () => RunAsync(CommandGuard.Directory(parsed.GetValue(dataDir)), parsed.GetValue(cancelJobs), terminal, cancellationToken),
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string dataDirectory, bool cancelsJobs, Terminal terminal, CancellationToken cancellationToken)
    {
        DataDirectoryOwner? owner = DataDirectoryLock.FindOwner(dataDirectory);
        bool isRunning = owner is { IsGone: false };
        bool wasQueued = !isRunning && await InSlurmStop.CancelAsync(dataDirectory, terminal, cancellationToken);
        if (!isRunning && !wasQueued && !cancelsJobs)
        {
            throw NotRunning.NoAnswer(dataDirectory, "", null, owner);
        }

        if (isRunning)
        {
            await StopAsync(dataDirectory, terminal, cancellationToken);
        }

        if (!cancelsJobs)
        {
            terminal.Line(ServerRecord.Load(dataDirectory)?.Backend == "sim"
                ? $"Its pods were only modelled. `{NotRunning.Up(dataDirectory)}` starts it again."
                : $"Jobs go on. `{NotRunning.Up(dataDirectory)}` finds them again; `{ProgramWords.Text} down --cancel-jobs{NotRunning.DataDirFlag(dataDirectory)}` ends them.");
            return ExitCodes.Success;
        }

        return await CancelJobsAsync(dataDirectory, terminal, cancellationToken);
    }

    private static async Task StopAsync(string dataDirectory, Terminal terminal, CancellationToken cancellationToken)
    {
        using (var server = ServerConnection.Open(dataDirectory))
        {
            await server.SendAsync(HttpMethod.Post, StopEndpoint.Path, null, cancellationToken);
        }

        bool isGone = false;
        await terminal.WaitAsync("Stopping", async () =>
        {
            long started = TimeProvider.System.GetTimestamp();
            do
            {
                await Task.Delay(Pause, TimeProvider.System, cancellationToken);
                isGone = DataDirectoryLock.FindOwner(dataDirectory) is null or { IsGone: true };
            }
            while (!isGone && TimeProvider.System.GetElapsedTime(started) < StopLimit);
        });
        if (!isGone)
        {
            throw new CommandFailure(string.Create(
                CultureInfo.InvariantCulture,
                $"MiniPlane was told to stop but still runs after {StopLimit.TotalSeconds} s; see `miniplane logs`, or end it with kill"));
        }

        terminal.Step("MiniPlane has stopped");
    }

    private static async Task<int> CancelJobsAsync(string dataDirectory, Terminal terminal, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(dataDirectory))
        {
            throw NotRunning.NoCluster(dataDirectory);
        }

        // While it is ours no other start can submit.
        using var owned = DataDirectoryLock.Acquire(dataDirectory);
        await using var jobs = OfflineJobs.Open(dataDirectory);
        SweepOutcome outcome = new([], [], "");
        await terminal.WaitAsync("Ending jobs", async () => outcome = await jobs.Sweep.RunAsync(JobGrace, JobLimit, cancellationToken));
        if (outcome.Trouble.Length > 0)
        {
            throw new CommandFailure($"the jobs could not be asked for: {outcome.Trouble}; try again, or end them with scancel");
        }

        if (outcome.Left.Count > 0)
        {
            throw new CommandFailure($"these jobs do not end: {string.Join(", ", outcome.Left.Select(job => job.JobId))}; end them with scancel");
        }

        terminal.Step(outcome.Found.Count == 0
            ? "No jobs were left"
            : string.Create(CultureInfo.InvariantCulture, $"{outcome.Found.Count} jobs have ended; nothing of this cluster runs"));
        terminal.Line($"Its state is kept in {dataDirectory}: `{NotRunning.Up(dataDirectory)}` starts it again.");
        return ExitCodes.Success;
    }
}
