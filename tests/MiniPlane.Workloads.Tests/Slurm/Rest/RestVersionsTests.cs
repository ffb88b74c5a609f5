using System.Text.Json;
using MiniPlane.Workloads.Backends;
using MiniPlane.Workloads.Slurm;
using MiniPlane.Workloads.Slurm.Rest;

namespace MiniPlane.Workloads.Tests.Slurm.Rest;

/// <summary>The older versions of its API that slurmrestd of 24.11 and 26.05 serves as well (its option <c>-d</c>): what it really answered.</summary>
public sealed class RestVersionsTests
{
    private const long Hpc = 1001;
    private static readonly JobOwner Owner = new("c1", "/home/hpc/.mp/pods");

    public static TheoryData<string> Served => ["24.11/v0.0.40", "24.11/v0.0.41", "26.05/v0.0.42", "26.05/v0.0.43", "26.05/v0.0.44"];

    [Theory]
    [MemberData(nameof(Served))]
    public async Task A_server_of_that_version_alone_is_spoken_to_in_it(string served)
    {
        await using FakeSlurmrestd server = await FakeSlurmrestd.StartAsync(served);
        using RestCaller rest = new(server.Address, new RestLogin("", _ => null), TimeProvider.System);
        var client = new RestSlurmClient(rest, Owner, Hpc);

        SubmitOutcome outcome = await client.SubmitAsync(new SlurmSubmission(["--job-name=web", "--mem=50M"], "#!/bin/sh\ntrue\n", "/tmp"), default);
        var unknown = (JobsOutcome.Listed)await client.FindJobAsync("99999", default);
        await client.CancelAsync("7", CancelMode.Terminate, default);

        Assert.IsType<SubmitOutcome.Submitted>(outcome);
        Assert.Equal(JobState.Lost, unknown.Jobs.Single().State);
        Assert.StartsWith(served.Split('/')[0], await client.FindVersionAsync(default), StringComparison.Ordinal);
        Assert.Contains($"DELETE /slurm/{served.Split('/')[1]}/job/7?signal=TERM&flags=BATCH_JOB", server.Asked);
        Assert.True(rest.Versions?.HasAccounts);
    }

    [Theory]
    [MemberData(nameof(Served))]
    public void Jobs_are_read_in_every_state(string served)
    {
        IReadOnlyList<JobStatus> all = RestJobs.Parse(Read(served, "rest-jobs.json"), Owner, Hpc);
        var jobs = all.Where(job => job.PodUid.Length > 0).ToDictionary(job => job.PodUid, StringComparer.Ordinal);

        Assert.Equal((JobState.Running, "batch", ""), (jobs["u-run"].State, jobs["u-run"].Partition, jobs["u-run"].Reason));
        Assert.Equal(jobs["u-run"].BatchHost, jobs["u-run"].Nodes);
        Assert.Equal((JobState.Failed, 3, 0, "NonZeroExitCode"), (jobs["u-bad"].State, jobs["u-bad"].ExitCode, jobs["u-bad"].Signal, jobs["u-bad"].Reason));
        Assert.Equal((JobState.Failed, 0, 9), (jobs["u-kill"].State, jobs["u-kill"].ExitCode, jobs["u-kill"].Signal));
        Assert.Equal(JobState.OutOfMemory, jobs["u-oom"].State);
        Assert.Equal(JobState.Cancelled, jobs["u-cancel"].State);
        Assert.Equal((JobState.Pending, "Dependency"), (jobs["u-dep"].State, jobs["u-dep"].Reason));
        Assert.Equal((JobState.Pending, "BeginTime"), (jobs["u-begin"].State, jobs["u-begin"].Reason));
        Assert.NotNull(jobs["u-begin"].StartTime);
        Assert.Equal((JobState.Running, 1), (jobs["u-requeue"].State, jobs["u-requeue"].Restarts));
        Assert.EndsWith("[1-2]", jobs["u-wide"].Nodes, StringComparison.Ordinal);
        Assert.Contains(all, job => job is { State: JobState.Pending, Reason: "JobHeldUser", PodUid: "" });
        JobStatus[] tasks = [.. all.Where(job => job.JobId.Contains('_', StringComparison.Ordinal)).OrderBy(job => job.JobId, StringComparer.Ordinal)];
        Assert.Equal([JobState.Running, JobState.Running, JobState.Pending, JobState.Pending, JobState.Pending], tasks.Select(task => task.State));
    }

    [Theory]
    [MemberData(nameof(Served))]
    public void Partitions_are_put_together_with_their_nodes(string served)
    {
        IReadOnlyList<PartitionInfo> partitions = RestPartitions.Parse(Read(served, "rest-partitions.json"), Read(served, "rest-nodes.json"));

        PartitionInfo batch = partitions.Single(partition => partition.Name == "batch");
        Assert.Equal((true, "up", 2, 16L, 32000L, 2L), (batch.IsDefault, batch.Availability, batch.UsableNodes, batch.Cpus, batch.MemoryMiB, batch.GpuCount));
        Assert.Equal(["cpu", "gpu"], batch.Features);
        Assert.Equal((TimeSpan.FromMinutes(10), 1), (partitions.Single(partition => partition.Name == "debug").MaxTime, partitions.Single(partition => partition.Name == "debug").Nodes));
    }

    [Theory]
    [MemberData(nameof(Served))]
    public void The_accounts_remember_what_jobs_were_and_used(string served)
    {
        JsonElement answer = Read(served, "rest-account.json");
        string[] ids = [.. answer.GetProperty("jobs").EnumerateArray().Select(job => job.GetProperty("job_id").GetRawText())];

        JobStatus[] jobs = [.. ids.Select(id => RestUsage.ParseStatus(answer, id)!)];

        Assert.Equal([(JobState.Failed, 3, 0), (JobState.Failed, 0, 9), (JobState.OutOfMemory, 0, 125)], jobs.Select(job => (job.State, job.ExitCode, job.Signal)));
        JobUsage usage = RestUsage.Parse(answer, ids[2])!;
        Assert.Equal(1, usage.Cpus);
        Assert.True(usage.MaxMemoryBytes > 1_000_000);

        // The job itself says 0, its steps do not.
        Assert.True(usage.CpuTime > TimeSpan.Zero);
    }

    [Theory]
    [MemberData(nameof(Served))]
    public void Errors_are_told_in_Slurms_words(string served)
    {
        using RestAnswer refused = Answer(served, "rest-refused.json");
        using RestAnswer unknown = Answer(served, "rest-unknown.json");
        using RestAnswer cancelled = Answer(served, "rest-cancelled.json");
        using RestAnswer stranger = Answer(served, "rest-stranger.json");

        Assert.Equal((true, false, "Batch job submission failed: Invalid partition name specified"), (refused.IsAnswer, refused.Succeeded, refused.Complaint));
        Assert.True(SlurmFailures.IsUnknownJob(unknown.Complaint));
        Assert.True(cancelled.Succeeded);

        // A token that does not count says nothing about any job.
        Assert.False(stranger.IsAnswer);
    }

    private static RestAnswer Answer(string served, string file) =>
        RestAnswer.Of(JsonDocument.Parse(FakeSlurmrestd.Sample(served, file)), System.Net.HttpStatusCode.OK);

    private static JsonElement Read(string served, string file) => JsonDocument.Parse(FakeSlurmrestd.Sample(served, file)).RootElement;
}
