using MiniPlane.Objects.Documents;
using MiniPlane.Testing;
using MiniPlane.Workloads.Backends;
using MiniPlane.Workloads.Local;

namespace MiniPlane.Workloads.Tests.Local;

/// <summary>With real processes of this host: they are what the backend is about.</summary>
public sealed class LocalBackendTests : IDisposable
{
    private readonly DirectoryInfo _pods = Directory.CreateTempSubdirectory("miniplane-local-");

    [Fact]
    public async Task A_job_runs_once_and_tells_its_exit_code()
    {
        var backend = new LocalBackend(_pods.FullName, TimeProvider.System);
        JobRequest request = Request("echo started >> starts; exit 3");

        await backend.SubmitAsync(request, default);
        SubmitOutcome again = await backend.SubmitAsync(request, default);
        await Eventually.TrueAsync(async () => (await StatusAsync(backend)).State.IsEnded(), "the script ends at once");

        Assert.True(Assert.IsType<SubmitOutcome.Submitted>(again).WasThere);
        JobStatus status = await StatusAsync(backend);
        Assert.Equal((JobState.Failed, 3, "u1"), (status.State, status.ExitCode, status.PodUid));
        Assert.Equal("started\n", await File.ReadAllTextAsync(Path.Combine(request.Directory, "starts")));
    }

    [Fact]
    public async Task Another_process_finds_the_job_again_and_can_end_it()
    {
        await new LocalBackend(_pods.FullName, TimeProvider.System).SubmitAsync(Request("exec sleep 300"), default);
        var restarted = new LocalBackend(_pods.FullName, TimeProvider.System);
        await Eventually.TrueAsync(() => File.Exists(Path.Combine(_pods.FullName, "u1", "local-stat")), "the shell notes itself down");

        JobStatus running = await StatusAsync(restarted);
        SubmitOutcome again = await restarted.SubmitAsync(Request("exec sleep 300"), default);
        await restarted.CancelAsync(running.JobId, CancelMode.Terminate, default);
        await Eventually.TrueAsync(async () => (await StatusAsync(restarted)).State.IsEnded(), "sleep ends by SIGTERM");

        Assert.Equal(JobState.Running, running.State);
        Assert.True(Assert.IsType<SubmitOutcome.Submitted>(again).WasThere);
        Assert.Equal(JobState.Cancelled, (await StatusAsync(restarted)).State);
    }

    [Fact]
    public async Task A_process_that_has_the_pid_of_an_old_job_is_not_taken_for_it()
    {
        string stat = await File.ReadAllTextAsync("/proc/self/stat");
        Directory.CreateDirectory(Path.Combine(_pods.FullName, "u1"));
        LocalJob self = LocalJob.Parse(stat)!;

        Assert.True(self.IsAlive());
        Assert.False((self with { StartTicks = self.StartTicks + 1 }).IsAlive());
    }

    public void Dispose() => _pods.Delete(recursive: true);

    private static async Task<JobStatus> StatusAsync(LocalBackend backend) =>
        Assert.Single(Assert.IsType<JobsOutcome.Listed>(await backend.ListJobsAsync(default)).Jobs);

    private JobRequest Request(string script)
    {
        string directory = Path.Combine(_pods.FullName, "u1");
        Directory.CreateDirectory(directory);
        return new JobRequest
        {
            PodUid = "u1",
            Pod = new ObjectKey("default", "p"),
            Partition = "local",
            Directory = directory,
            Script = $"#!/bin/sh\n{script}\n",
            Flags = [],
            Cpus = 1,
            MemoryMiB = 0,
        };
    }
}
