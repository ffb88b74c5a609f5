using MiniPlane.Workloads.Backends;
using MiniPlane.Workloads.Slurm;

namespace MiniPlane.Workloads.Tests.Slurm;

/// <summary>Read what real Slurm printed (Samples/VERSION).</summary>
public sealed class SlurmOutputTests
{
    private static readonly JobOwner Owner = new("c1", "/home/hpc/.mp-t/pods");

    public static TheoryData<string> Versions => [.. Directory.EnumerateDirectories(Path.Combine(AppContext.BaseDirectory, "Samples")).Select(path => Path.GetFileName(path))];

    [Theory]
    [MemberData(nameof(Versions))]
    public void The_queue_is_read_with_states_exits_and_owners(string version)
    {
        var jobs = SqueueOutput.Parse(Sample(version, "squeue.txt"), Owner)
            .Where(job => job.PodUid.Length > 0)
            .ToDictionary(job => job.PodUid, StringComparer.Ordinal);

        Assert.Equal((JobState.Failed, 3, 0, "NonZeroExitCode"), (jobs["u1"].State, jobs["u1"].ExitCode, jobs["u1"].Signal, jobs["u1"].Reason));
        Assert.Equal(JobState.Running, jobs["u2"].State);
        Assert.NotEmpty(jobs["u2"].BatchHost);
        Assert.Equal((JobState.Pending, "BeginTime", ""), (jobs["u3"].State, jobs["u3"].Reason, jobs["u3"].BatchHost));
        Assert.Equal(9, jobs["u4"].Signal);
        Assert.Equal(JobState.Cancelled, jobs["u7"].State);
        Assert.NotNull(jobs["u7"].EndTime);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void Partitions_are_read_with_what_they_hold(string version)
    {
        IReadOnlyList<PartitionInfo> partitions = SinfoOutput.Parse(Sample(version, "sinfo.txt"));

        PartitionInfo batch = partitions.Single(partition => partition.Name == "batch");
        Assert.True(batch.IsDefault);
        Assert.Equal((4, 32L, 64000L, 8L, 4L, 2L), (batch.UsableNodes, batch.Cpus, batch.MemoryMiB, batch.MaxCpusPerNode, batch.GpuCount, batch.MaxGpusPerNode));
        Assert.Equal(["cpu", "gpu"], batch.Features);
        Assert.Null(batch.MaxTime);
        PartitionInfo debug = partitions.Single(partition => partition.Name == "debug");
        Assert.Equal(TimeSpan.FromMinutes(10), debug.MaxTime);
        Assert.False(debug.IsDefault);
        Assert.Equal(4, partitions.Single(partition => partition.Name == "gpu").Gpus["a100"]);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void One_job_is_read_from_scontrol(string version)
    {
        string all = Sample(version, "scontrol-show-job.txt");
        string second = all[all.IndexOf("JobId=2 ", StringComparison.Ordinal)..all.IndexOf("JobId=3 ", StringComparison.Ordinal)];

        JobStatus job = ScontrolJobOutput.Parse(second, Owner)!;

        Assert.Equal(("2", JobState.Failed, 3, "batch"), (job.JobId, job.State, job.ExitCode, job.Partition));
        Assert.NotEmpty(job.Nodes);
        Assert.NotNull(job.StartTime);
    }

    [Fact]
    public void The_accounting_remembers_how_a_job_ended()
    {
        const string Lines = "12|REQUEUED|0:0|2026-11-22T01:00:00|2026-11-22T01:00:05|2026-11-22T00:59:00|batch|node1\n"
            + "12|CANCELLED by 1001|0:15|2026-11-22T01:00:10|2026-11-22T01:00:15|2026-11-22T00:59:00|batch|node2\n"
            + "123|COMPLETED|0:0|||||\n";

        JobStatus job = SacctOutput.Parse(Lines, "12")!;

        Assert.Equal((JobState.Cancelled, 15, "node2"), (job.State, job.Signal, job.Nodes));
        Assert.Null(SacctOutput.Parse(Lines, "13"));
    }

    [Fact]
    public void A_comment_may_hold_what_ends_lines_and_fields_elsewhere()
    {
        const string Record = "5\u001fRUNNING\u001fNone\u001f0\u001f0\u001f" + "batch\u001fn1\u001fn1\u001f\u001f\u001f\u001f/home/hpc/.mp-t/pods/u9\u001fmine | \"a\"\nb\u001e\n";

        JobStatus job = Assert.Single(SqueueOutput.Parse(Record, Owner));

        Assert.Equal("u9", job.PodUid);
    }

    [Theory]
    [InlineData("miniplane:c1:abc", "/tmp", "abc")]
    [InlineData("miniplane:c2:abc", "/tmp", "")]
    [InlineData("", "/home/hpc/.mp-t/pods/abc", "abc")]
    [InlineData("x", "/home/hpc/.mp-t/pods/abc/logs", "")]
    public void A_job_is_known_by_comment_or_directory(string comment, string directory, string uid) =>
        Assert.Equal(uid, Owner.FindPodUid(comment, directory));

    [Theory]
    [InlineData("drained", 0)]
    [InlineData("down*", 0)]
    [InlineData("idle*", 0)]
    [InlineData("idle~", 2)]
    [InlineData("mixed-", 2)]
    [InlineData("allocated", 2)]
    [InlineData("reserved", 2)]
    public void Nodes_that_take_no_job_do_not_count(string state, int usable)
    {
        string row = string.Join('\u001f', "p", "up", "infinite", "2", state, "4", "100", "gpu:2(S:0-1),shard:4", "n[1-2]", "(null)", "broken fan") + "\u001e\n";

        PartitionInfo partition = Assert.Single(SinfoOutput.Parse(row));

        Assert.Equal((2, usable, usable * 4L, usable * 2L), (partition.Nodes, partition.UsableNodes, partition.Cpus, partition.GpuCount));
        Assert.Equal(usable == 0 ? "broken fan" : "", partition.DownReason);
    }

    [Theory]
    [InlineData("768", 3, 0)]
    [InlineData("9", 0, 9)]
    [InlineData("0:125", 0, 125)]
    [InlineData("4:0", 4, 0)]
    [InlineData("", 0, 0)]
    public void Exits_are_read_in_both_forms(string text, int code, int signal) => Assert.Equal((code, signal), SlurmText.ToExit(text));

    private static string Sample(string version, string file) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Samples", version, file));
}
