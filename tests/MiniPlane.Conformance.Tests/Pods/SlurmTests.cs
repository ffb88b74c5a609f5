using System.Globalization;
using MiniPlane.Conformance.Tests.Rig;
using MiniPlane.Testing;

namespace MiniPlane.Conformance.Tests.Pods;

/// <summary>What Slurm does to a job, seen by kubectl; on real Slurm, with the rights that the rig's caller has over it.</summary>
[Collection(ClusterCollection.Name)]
public sealed class SlurmTests(Cluster cluster)
{
    private const string Forever = "trap \"exit 3\" TERM; while :; do sleep 0.2; done";
    private const string Now = "cut -d' ' -f1 /proc/uptime";
    private const string JobId = ".metadata.annotations.slurm\\.miniplane\\.io/job-id";

    [Fact]
    public async Task A_held_job_and_one_that_depends_on_it_say_so_and_run_in_order()
    {
        await using Kubectl kubectl = await cluster.NewNamespaceAsync();
        await kubectl.ApplyAsync(Pod("held", Now, "slurm.miniplane.io/hold: \"true\""));
        await kubectl.FieldIsAsync("pod", "held", ".status.containerStatuses[0].state.waiting.reason", "SlurmJobHeldUser");
        string job = await kubectl.FieldAsync("pod", "held", JobId);
        await kubectl.ApplyAsync(Pod("after", Now, $"slurm.miniplane.io/dependency: afterok:{job}"));
        await kubectl.FieldIsAsync("pod", "after", ".status.containerStatuses[0].state.waiting.reason", "SlurmDependency");

        (await cluster.Rig.RunAsync("scontrol", "release", job)).OrFail();
        await kubectl.FieldIsAsync("pod", "after", ".status.phase", "Succeeded");

        Assert.True(Number(await kubectl.OkAsync("logs", "after")) > Number(await kubectl.OkAsync("logs", "held")));
        await kubectl.ShowsAsync("JobStuck", "get", "events", "--field-selector=involvedObject.name=held");
    }

    [Fact]
    public async Task A_container_sees_the_GPUs_that_it_asked_for_and_its_neighbour_sees_none_but_those_of_a_flag_are_for_all()
    {
        await using Kubectl kubectl = await cluster.NewNamespaceAsync();
        const string Show = "[sh, -c, 'echo \"<$CUDA_VISIBLE_DEVICES>\"']";

        await kubectl.ApplyAsync($$"""
            apiVersion: v1
            kind: Pod
            metadata: {name: gpu}
            spec:
              restartPolicy: Never
              containers:
              - {name: with, image: {{cluster.Rig.Busybox}}, command: {{Show}}, resources: {limits: {nvidia.com/gpu: "2"} } }
              - {name: without, image: {{cluster.Rig.Busybox}}, command: {{Show}} }
            """);
        await kubectl.FieldIsAsync("pod", "gpu", ".status.phase", "Succeeded");
        await kubectl.ApplyAsync(Pod("flag", "echo \"<$CUDA_VISIBLE_DEVICES $SLURM_JOB_GPUS>\"", "slurm.miniplane.io/gres: \"gpu:1\""));
        await kubectl.FieldIsAsync("pod", "flag", ".status.phase", "Succeeded");

        Assert.Equal("<0,1>\n", await kubectl.OkAsync("logs", "gpu", "-c", "with"));
        Assert.Equal("<>\n", await kubectl.OkAsync("logs", "gpu", "-c", "without"));
        Assert.Equal("<0 0>\n", await kubectl.OkAsync("logs", "flag"));
        Assert.Contains("gres:gpu:2", await ShowJobAsync(kubectl, "gpu"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_goes_down_fails_a_pod_that_runs_once_and_restarts_the_others_elsewhere()
    {
        await using Kubectl kubectl = await cluster.NewNamespaceAsync();
        await kubectl.ApplyAsync(Pod("once", Forever));
        await kubectl.FieldIsAsync("pod", "once", ".status.phase", "Running");
        string node = (await ShowJobAsync(kubectl, "once")).Split("BatchHost=")[1].Split(' ')[0];
        await kubectl.ApplyAsync(Pod("again", Forever, $"slurm.miniplane.io/nodelist: {node}", "Always"));
        await kubectl.FieldIsAsync("pod", "again", ".status.phase", "Running");

        (await OperateAsync("update", $"nodename={node}", "state=down", "reason=test")).OrFail();
        try
        {
            await kubectl.FieldIsAsync("pod", "once", ".status.reason", "NodeLost");
            await kubectl.ShowsAsync("JobRequeued", "get", "events", "--field-selector=involvedObject.name=again");
        }
        finally
        {
            await Eventually.TrueAsync(
                async () => (await OperateAsync("update", $"nodename={node}", "state=resume")).Succeeded || (await OperateAsync("show", "node", node)).Output.Contains("State=IDLE", StringComparison.Ordinal),
                "the node is back",
                Kubectl.PodLimit);
        }

        await kubectl.FieldIsAsync("pod", "again", ".status.containerStatuses[0].restartCount", "1");
        await kubectl.FieldIsAsync("pod", "again", ".status.phase", "Running");
        Assert.Equal("SlurmNodeFail", await kubectl.FieldAsync("pod", "once", ".status.conditions[?(@.type==\"DisruptionTarget\")].reason"));
        await kubectl.OkAsync("delete", "pod", "again", "--now");
    }

    [Fact]
    public async Task A_pod_of_several_nodes_runs_its_container_once_per_task_on_all_of_them()
    {
        await using Kubectl kubectl = await cluster.NewNamespaceAsync();
        await kubectl.ApplyAsync(Pod(
            "wide", "echo $SLURM_PROCID/$SLURM_NTASKS $SLURMD_NODENAME", "slurm.miniplane.io/nodes: \"2\", slurm.miniplane.io/ntasks: \"4\""));
        await kubectl.FieldIsAsync("pod", "wide", ".status.phase", "Succeeded");

        string[] tasks = (await kubectl.OkAsync("logs", "wide")).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(["0/4", "1/4", "2/4", "3/4"], tasks.Select(task => task.Split(' ')[0]).Order());
        Assert.Equal(2, tasks.Select(task => task.Split(' ')[1]).Distinct().Count());
    }

    [Fact]
    public async Task MPI_processes_of_a_pod_over_two_nodes_find_one_another_and_add_up_their_ranks()
    {
        await using Kubectl kubectl = await cluster.NewNamespaceAsync();
        const string Annotations = "slurm.miniplane.io/nodes: \"2\", slurm.miniplane.io/ntasks: \"4\", slurm.miniplane.io/mpi: pmi2";
        await kubectl.ApplyAsync(Pod("mpi", "mpi-hello", Annotations).Replace(cluster.Rig.Busybox, $"{cluster.Rig.Registry}/miniplane/mpi:1", StringComparison.Ordinal));
        await kubectl.FieldIsAsync("pod", "mpi", ".status.phase", "Succeeded");

        string[] ranks = (await kubectl.OkAsync("logs", "mpi")).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal([.. Enumerable.Range(0, 4).Select(rank => $"rank {rank} of 4, sum 10")], ranks.Select(line => line.Split(", on ")[0]).Order());
        Assert.Equal(2, ranks.Select(line => line.Split(", on ")[1]).Distinct().Count());
    }

    [Fact]
    public async Task A_preempted_pod_starts_again_and_one_that_may_not_fails_as_preempted()
    {
        await using Kubectl kubectl = await cluster.NewNamespaceAsync();
        const string Half = "requests: {cpu: \"4\"}";
        string node = (await cluster.Rig.RunAsync("sinfo", "-h", "-p", "short", "-o", "%N")).OrFail().Trim();
        await kubectl.ApplyAsync(Pod("low", Forever, $"slurm.miniplane.io/nodelist: {node}", "Always", Half));
        await kubectl.ApplyAsync(Pod("once", Forever, $"slurm.miniplane.io/nodelist: {node}", "Never", Half));
        await kubectl.FieldIsAsync("pod", "low", ".status.phase", "Running");
        await kubectl.FieldIsAsync("pod", "once", ".status.phase", "Running");

        await kubectl.ApplyAsync(Pod("high", "echo first", "slurm.miniplane.io/partition: short", "Never", "requests: {cpu: \"8\"}"));

        await kubectl.FieldIsAsync("pod", "high", ".status.phase", "Succeeded");
        await kubectl.FieldIsAsync("pod", "once", ".status.reason", "Preempted");
        await kubectl.FieldIsAsync("pod", "low", ".status.containerStatuses[0].restartCount", "1");
        await kubectl.FieldIsAsync("pod", "low", ".status.phase", "Running");
        await kubectl.OkAsync("delete", "pod", "low", "--now");
    }

    [Fact]
    public async Task A_memory_limit_is_the_jobs_and_where_Slurm_enforces_it_going_beyond_is_told()
    {
        await using Kubectl kubectl = await cluster.NewNamespaceAsync();
        await kubectl.ApplyAsync(Pod("hog", "awk 'BEGIN { s = \"xxxxxxxxxxxxxxxx\"; while (length(s) < 600000000) s = s s }'", resources: "limits: {memory: 200Mi}"));

        bool isOver = cluster.Rig.EnforcesMemory;
        await kubectl.FieldIsAsync("pod", "hog", ".status.phase", isOver ? "Failed" : "Succeeded");

        Assert.Contains("MinMemoryNode=200M", await ShowJobAsync(kubectl, "hog"), StringComparison.Ordinal);
        Assert.Equal(isOver ? "OOMKilled" : "Completed", await kubectl.FieldAsync("pod", "hog", ".status.containerStatuses[0].state.terminated.reason"));
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private async Task<string> ShowJobAsync(Kubectl kubectl, string pod) =>
        (await cluster.Rig.RunAsync("scontrol", "show", "job", "-o", await kubectl.FieldAsync("pod", pod, JobId))).OrFail();

    /// <summary>As the one who runs Slurm: the rig's caller.</summary>
    private Task<CommandResult> OperateAsync(params string[] arguments) =>
        Command.RunAsync("env", [$"SLURM_CONF={cluster.Rig.SlurmConf}", "scontrol", .. arguments]);

    private string Pod(string name, string script, string annotation = "", string restartPolicy = "Never", string resources = "") => $$"""
        apiVersion: v1
        kind: Pod
        metadata: {name: {{name}}, annotations: { {{annotation}} } }
        spec:
          restartPolicy: {{restartPolicy}}
          terminationGracePeriodSeconds: 1
          containers:
          - name: main
            image: {{cluster.Rig.Busybox}}
            resources: { {{resources}} }
            command:
            - sh
            - -c
            - >-
              {{script}}
        """;
}
