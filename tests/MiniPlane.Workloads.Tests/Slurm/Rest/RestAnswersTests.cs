using System.Text.Json;
using MiniPlane.Workloads.Backends;
using MiniPlane.Workloads.Slurm;
using MiniPlane.Workloads.Slurm.Rest;

namespace MiniPlane.Workloads.Tests.Slurm.Rest;

/// <summary>Reads what slurmrestd of 22.05 (v0.0.38), 24.11 (v0.0.42) and 26.05 (v0.0.45) really answered.</summary>
public sealed class RestAnswersTests : IDisposable
{
    private const long Hpc = 1001;
    private readonly string _directory = Directory.CreateTempSubdirectory("mp-rest").FullName;

    private JobOwner Owner => field ??= new JobOwner("c1", Path.Combine(_directory, "pods"));

    public static TheoryData<string> Releases => ["22.05", "24.11", "26.05"];

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [MemberData(nameof(Releases))]
    public void Jobs_are_read_with_states_exits_and_owners(string release)
    {
        IReadOnlyList<JobStatus> all = Jobs(release);
        ILookup<string, JobStatus> jobs = all.ToLookup(job => job.PodUid, StringComparer.Ordinal);
        JobStatus running = jobs["u-run"].Single();
        JobStatus failed = jobs["u-bad"].Single();

        Assert.Equal((JobState.Running, "", "batch"), (running.State, running.Reason, running.Partition));
        Assert.NotEmpty(running.BatchHost);
        Assert.Equal(running.BatchHost, running.Nodes);
        Assert.NotNull(running.StartTime);
        Assert.Equal((JobState.Failed, 3, 0, "NonZeroExitCode"), (failed.State, failed.ExitCode, failed.Signal, failed.Reason));
        Assert.NotNull(failed.EndTime);
        Assert.Equal((JobState.Failed, 0, 9), (jobs["u-kill"].Single().State, jobs["u-kill"].Single().ExitCode, jobs["u-kill"].Single().Signal));
        Assert.Equal((JobState.Pending, "Dependency", ""), (jobs["u-dep"].Single().State, jobs["u-dep"].Single().Reason, jobs["u-dep"].Single().BatchHost));
        Assert.Equal(JobState.Cancelled, jobs["u-cancel"].Single().State);
        Assert.Contains(all, job => job is { State: JobState.Pending, Reason: "JobHeldUser", PodUid: "" });
    }

    [Theory]
    [MemberData(nameof(Releases))]
    public void Tasks_that_wait_are_one_record_and_yet_jobs_of_their_own(string release)
    {
        JobStatus[] tasks = [.. Jobs(release).Where(job => job.JobId.Contains('_', StringComparison.Ordinal)).OrderBy(job => job.JobId, StringComparer.Ordinal)];

        Assert.Equal(["_0", "_1", "_2", "_3", "_4"], tasks.Select(task => task.JobId[^2..]));
        Assert.Equal([JobState.Running, JobState.Running, JobState.Pending, JobState.Pending, JobState.Pending], tasks.Select(task => task.State));
    }

    [Fact]
    public void Somebody_elses_job_is_not_ours_whatever_its_comment_says() =>
        Assert.Empty(RestJobs.Parse(Read("24.11", "rest-jobs.json"), Owner, userId: Hpc + 1));

    [Theory]
    [MemberData(nameof(Releases))]
    public void Partitions_are_put_together_with_their_nodes(string release)
    {
        IReadOnlyList<PartitionInfo> partitions = RestPartitions.Parse(Read(release, "rest-partitions.json"), Read(release, "rest-nodes.json"));
        int nodes = release == "24.11" ? 2 : 4;
        int gpuNodes = nodes / 2;

        PartitionInfo batch = partitions.Single(partition => partition.Name == "batch");
        Assert.True(batch.IsDefault);
        Assert.Equal(("up", nodes, nodes), (batch.Availability, batch.Nodes, batch.UsableNodes));
        Assert.Equal((8L * nodes, 16000L * nodes, 8L, 16000L), (batch.Cpus, batch.MemoryMiB, batch.MaxCpusPerNode, batch.MaxMemoryMiBPerNode));
        Assert.Equal((2L * gpuNodes, 2L), (batch.GpuCount, batch.MaxGpusPerNode));
        Assert.Equal(["cpu", "gpu"], batch.Features);
        Assert.Null(batch.MaxTime);
        Assert.EndsWith($"[1-{nodes}]", batch.NodeList, StringComparison.Ordinal);
        PartitionInfo debug = partitions.Single(partition => partition.Name == "debug");
        Assert.Equal((TimeSpan.FromMinutes(10), false, 1), (debug.MaxTime, debug.IsDefault, debug.Nodes));
        Assert.Equal(2 * gpuNodes, partitions.Single(partition => partition.Name == "gpu").Gpus["a100"]);
    }

    [Fact]
    public void A_node_that_is_drained_or_does_not_answer_holds_nothing()
    {
        JsonElement nodes = JsonDocument.Parse("""
            {"nodes":[
              {"name":"a","partitions":["p"],"cpus":4,"real_memory":1000,"state":"idle","state_flags":["DRAIN"],"reason":"disk"},
              {"name":"b","partitions":["p"],"cpus":4,"real_memory":1000,"state":["DOWN","NOT_RESPONDING"]},
              {"name":"c","partitions":["p"],"cpus":2,"real_memory":500,"state":["MIXED","PLANNED"]}]}
            """).RootElement;

        PartitionInfo partition = RestPartitions.Parse(JsonDocument.Parse("""{"partitions":[{"name":"p","partition":{"state":["DOWN"]}}]}""").RootElement, nodes).Single();

        Assert.Equal((3, 1, 2L, "disk", "down"), (partition.Nodes, partition.UsableNodes, partition.Cpus, partition.DownReason, partition.Availability));
    }

    [Theory]
    [MemberData(nameof(Releases))]
    public void The_accounts_remember_what_a_job_was_and_used(string release)
    {
        JsonElement answer = Read(release, "rest-account.json");

        JobStatus? job = RestUsage.ParseStatus(answer, "2");
        JobUsage? usage = RestUsage.Parse(answer, "1");

        Assert.Equal(JobState.Failed, job?.State);
        Assert.Equal("batch", job?.Partition);
        Assert.NotNull(job?.EndTime);
        Assert.Equal(1, usage?.Cpus);
        Assert.Null(RestUsage.Parse(answer, "99"));
        if (release != "22.05")
        {
            // There it says 0 for every job.
            Assert.Equal(3, job?.ExitCode);
            Assert.True(usage?.MaxMemoryBytes >= 500_000);
        }
    }

    [Theory]
    [InlineData("22.05", 38, false)]
    [InlineData("24.11", 42, true)]
    [InlineData("26.05", 45, true)]
    public void The_newest_version_that_both_know_is_spoken(string release, int number, bool hasAccounts)
    {
        IEnumerable<string> paths = Read(release, "rest-openapi.json").GetProperty("paths").EnumerateObject().Select(path => path.Name);

        Assert.Equal(new RestVersions(number, hasAccounts), RestVersions.Choose(paths, out _));
    }

    [Fact]
    public void Versions_that_nobody_here_knows_are_told_and_not_tried()
    {
        Assert.Equal(45, RestVersions.Choose(["/slurm/v0.0.45/jobs/", "/slurm/v0.0.47/jobs/"], out _)?.Number);
        Assert.Null(RestVersions.Choose(["/slurm/v0.0.36/jobs", "/openapi/v3"], out string served));
        Assert.Equal("v0.0.36", served);
    }

    [Theory]
    [InlineData("0-3", "0 1 2 3", false)]
    [InlineData("4-5,9%2", "4 5 9", false)]
    [InlineData("0-10:5", "0 5 10", false)]
    [InlineData("1-2,7,...", "1 2 7", true)]
    public void A_range_of_tasks_is_read(string text, string numbers, bool isCut)
    {
        Assert.Equal(numbers, string.Join(' ', RestJobs.Tasks(text, out bool cut)));
        Assert.Equal(isCut, cut);
    }

    [Fact]
    public void A_list_of_tasks_that_Slurm_cut_short_is_completed_from_the_array()
    {
        string array = Owner.Arrays.Create(["a", "b", "c", "d", "e"]);
        JsonElement answer = JsonDocument.Parse(
            $$"""{"jobs":[{"job_id":9,"array_job_id":{"set":true,"number":9},"array_task_id":{"set":false},"array_task_string":"1,3,...","job_state":["PENDING"],"comment":"{{Owner.CommentFor(array)}}"}]}""").RootElement;

        Assert.Equal(["9_1", "9_3", "9_4"], RestJobs.Parse(answer, Owner, null).Select(job => job.JobId));
    }

    private IReadOnlyList<JobStatus> Jobs(string release) => RestJobs.Parse(Read(release, "rest-jobs.json"), Owner, Hpc);

    private static JsonElement Read(string release, string file) => JsonDocument.Parse(FakeSlurmrestd.Sample(release, file)).RootElement;
}
