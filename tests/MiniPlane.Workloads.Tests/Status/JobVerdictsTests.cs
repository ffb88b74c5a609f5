using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;
using MiniPlane.Workloads.Backends;
using MiniPlane.Workloads.Status;

namespace MiniPlane.Workloads.Tests.Status;

public sealed class JobVerdictsTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(JobState.Pending, "Pending", "", false)]
    [InlineData(JobState.Requeued, "Pending", "", false)]
    [InlineData(JobState.SpecialExit, "Pending", "", false)]
    [InlineData(JobState.Running, "Pending", "", false)]
    [InlineData(JobState.Configuring, "Pending", "", false)]
    [InlineData(JobState.Suspended, null, "", false)]
    [InlineData(JobState.Completing, null, "", false)]
    [InlineData(JobState.Completed, "Failed", "AgentLost", false)]
    [InlineData(JobState.Failed, "Failed", "SlurmJobFailed", false)]
    [InlineData(JobState.Timeout, "Failed", "DeadlineExceeded", false)]
    [InlineData(JobState.Deadline, "Failed", "DeadlineExceeded", false)]
    [InlineData(JobState.OutOfMemory, "Failed", "OOMKilled", false)]
    [InlineData(JobState.NodeFail, "Failed", "NodeLost", true)]
    [InlineData(JobState.BootFail, "Failed", "NodeLost", true)]
    [InlineData(JobState.Preempted, "Failed", "Preempted", true)]
    [InlineData(JobState.Cancelled, "Failed", "SlurmCancelled", true)]
    [InlineData(JobState.Revoked, "Failed", "SlurmRevoked", true)]
    [InlineData(JobState.Lost, "Failed", "SlurmJobLost", true)]
    public void Each_state_says_what_becomes_of_the_pod(JobState state, string? phase, string reason, bool isDisruption)
    {
        JobVerdict verdict = JobVerdicts.Of(Job(state));

        Assert.Equal((phase, reason, isDisruption), (verdict.Phase, verdict.Reason, verdict.DisruptionReason.Length > 0));
    }

    [Fact]
    public void No_state_that_is_over_leaves_the_pod_running()
    {
        foreach (JobState state in Enum.GetValues<JobState>().Where(state => state.IsEnded()))
        {
            Assert.Equal("Failed", JobVerdicts.Of(Job(state)).Phase);
        }
    }

    [Fact]
    public void A_waiting_pod_says_why_and_until_when()
    {
        JobStatus job = Job(JobState.Pending) with { Reason = "Resources", StartTime = Now.AddHours(1) };

        JsonObject status = JobStatusMerge.Apply(Pod(), JobVerdicts.Of(job), job, Now);

        JsonObject waiting = status.Objects("containerStatuses").Single().Object("state", "waiting")!;
        Assert.Equal("SlurmResources", waiting.Text("reason"));
        Assert.Contains("expected to start at 2026-01-01 13:00Z", waiting.Text("message"), StringComparison.Ordinal);
        Assert.Equal("False", PodConditions.Find(status, "slurm.miniplane.io/JobStarted")!.Text("status"));
        Assert.True(PodConditions.IsTrue(status, "PodScheduled"));
    }

    [Theory]
    [InlineData("QOSMaxJobsPerUserLimit", "SlurmQOSMaxJobsPerUserLimit")]
    [InlineData("launch failed requeued held", "SlurmLaunchFailedRequeuedHeld")]
    [InlineData("Nodes required for job are DOWN, DRAINED or reserved", "SlurmNodesRequiredForJob")]
    [InlineData("ReqNodeNotAvail, UnavailableNodes:n1,n7", "SlurmReqNodeNotAvail")]
    [InlineData("ReqNodeNotAvail(Unavailable:n1)", "SlurmReqNodeNotAvail")]
    public void Reasons_of_many_words_become_one(string reason, string shown) =>
        Assert.Equal(shown, JobVerdicts.Of(Job(JobState.Pending) with { Reason = reason }).WaitingReason);

    [Fact]
    public void Out_of_memory_ends_the_containers_as_a_kubelet_would_say()
    {
        JobStatus job = Job(JobState.OutOfMemory) with { Signal = 125, EndTime = Now };

        JsonObject status = JobStatusMerge.Apply(Pod(), JobVerdicts.Of(job), job, Now);

        JsonObject ended = status.Objects("containerStatuses").Single().Object("state", "terminated")!;
        Assert.Equal(("OOMKilled", 137L), (ended.Text("reason"), ended.Integer("exitCode")));
        Assert.Equal("Failed", status.Text("phase"));
    }

    [Fact]
    public void What_an_agent_has_reported_is_not_overwritten_by_the_jobs_start()
    {
        JsonObject pod = Pod();
        pod.Ensure("status")["containerStatuses"] = new JsonArray(new JsonObject
        {
            ["name"] = "a",
            ["state"] = new JsonObject { ["waiting"] = new JsonObject { ["reason"] = "ImagePullBackOff" } },
        });

        JsonObject status = JobStatusMerge.Apply(pod, JobVerdicts.Of(Job(JobState.Running)), Job(JobState.Running), Now);

        Assert.Equal("ImagePullBackOff", status.Objects("containerStatuses").Single().Text("state", "waiting", "reason"));
        Assert.True(PodConditions.IsTrue(status, "slurm.miniplane.io/JobStarted"));
    }

    [Fact]
    public void A_requeued_pod_waits_again()
    {
        JsonObject pod = Pod();
        pod.Ensure("status")["phase"] = "Running";
        pod.Ensure("status")["containerStatuses"] = new JsonArray(new JsonObject
        {
            ["name"] = "a",
            ["ready"] = true,
            ["state"] = new JsonObject { ["running"] = new JsonObject() },
        });
        JobStatus job = Job(JobState.Pending) with { Reason = "BeginTime", Restarts = 1 };

        JsonObject status = JobStatusMerge.Apply(pod, JobVerdicts.Of(job), job, Now);

        Assert.Equal("Pending", status.Text("phase"));
        Assert.Equal("SlurmBeginTime", status.Objects("containerStatuses").Single().Text("state", "waiting", "reason"));
        Assert.False(PodConditions.IsTrue(status, "Ready"));
    }

    [Fact]
    public void The_end_of_a_pod_is_final_but_may_get_its_reason()
    {
        JsonObject pod = Pod();
        pod.Ensure("status")["phase"] = "Failed";

        JsonObject timedOut = JobStatusMerge.Apply(pod, JobVerdicts.Of(Job(JobState.Timeout)), Job(JobState.Timeout), Now);
        pod.Ensure("status")["phase"] = "Succeeded";
        JsonObject succeeded = JobStatusMerge.Apply(pod, JobVerdicts.Of(Job(JobState.Cancelled)), Job(JobState.Cancelled), Now);

        pod.Ensure("status")["phase"] = "Failed";
        JsonObject preempted = JobStatusMerge.Apply(pod, JobVerdicts.Of(Job(JobState.Preempted)), Job(JobState.Preempted), Now);

        Assert.Equal("DeadlineExceeded", timedOut.Text("reason"));
        Assert.True(PodConditions.IsTrue(preempted, "DisruptionTarget"));
        Assert.Equal("Succeeded", succeeded.Text("phase"));
        Assert.Null(succeeded.Text("reason"));
    }

    [Fact]
    public void The_same_job_again_changes_nothing()
    {
        JobStatus job = Job(JobState.Pending) with { Reason = "Priority" };
        JsonObject pod = Pod();
        pod["status"] = JobStatusMerge.Apply(pod, JobVerdicts.Of(job), job, Now);

        JsonObject again = JobStatusMerge.Apply(pod, JobVerdicts.Of(job), job, Now.AddMinutes(5));

        Assert.True(again.SameAs(pod["status"]));
    }

    internal static JsonObject Pod() => Yaml.Load(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: p, namespace: default, uid: u1}
        spec: {containers: [{name: a, image: busybox}]}
        status:
          phase: Pending
          conditions: [{type: PodScheduled, status: "True"}]
        """);

    private static JobStatus Job(JobState state) => new() { JobId = "7", State = state, Partition = "batch", Nodes = "node1", PodUid = "u1" };
}
