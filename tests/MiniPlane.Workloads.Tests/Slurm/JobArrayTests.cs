using MiniPlane.Objects.Documents;
using MiniPlane.Workloads.Backends;
using MiniPlane.Workloads.Slurm;

namespace MiniPlane.Workloads.Tests.Slurm;

public sealed class JobArrayTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("mp-arrays").FullName;
    private readonly ScriptedRunner _runner = new();

    private string Pods => Path.Combine(_directory, "pods");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private SlurmBackend Make(JobOwner owner) => new(new CommandSlurmClient(_runner, owner), owner);

    [Fact]
    public async Task Pods_that_ask_for_the_same_are_one_submission_and_are_found_again_as_its_tasks()
    {
        SlurmBackend backend = Make(new JobOwner("c1", Pods));
        _runner.Answer("squeue").Answer("sbatch", "77\n");
        await backend.ListJobsAsync(default);

        IReadOnlyList<SubmitOutcome>? outcomes = await backend.SubmitArrayAsync([Request("u0"), Request("u1")], default);

        Assert.Equal([new SubmitOutcome.Submitted("77_0", false), new SubmitOutcome.Submitted("77_1", false)], outcomes);
        CommandRequest sbatch = Assert.Single(_runner.Ran, request => request.Program == "sbatch");
        Assert.Contains("--array=0-1", sbatch.Arguments);
        Assert.Contains("--mem=1M", sbatch.Arguments);
        Assert.DoesNotContain(sbatch.Arguments, argument => argument.Contains("u0", StringComparison.Ordinal));

        string comment = sbatch.Arguments.Single(argument => argument.StartsWith("--comment=", StringComparison.Ordinal))["--comment=".Length..];
        Assert.Equal("u1", new JobOwner("c1", Pods).FindPodUid(comment, Pods, "77_1"));
        Assert.Equal("", new JobOwner("c1", Pods).FindPodUid(comment, Pods, "77_2"));
        Assert.Equal("", new JobOwner("c2", Pods).FindPodUid(comment, Pods, "77_1"));
    }

    [Fact]
    public async Task An_answer_that_was_lost_makes_each_pod_look_for_its_task_first()
    {
        SlurmBackend backend = Make(new JobOwner("c1", Pods));
        _runner.Answer("squeue").Answer("sbatch", "", "sbatch: error: Batch job submission failed: Socket timed out on send/recv operation", exitCode: 1);
        await backend.ListJobsAsync(default);

        IReadOnlyList<SubmitOutcome>? outcomes = await backend.SubmitArrayAsync([Request("u0"), Request("u1")], default);

        Assert.All(outcomes!, outcome => Assert.IsType<SubmitOutcome.Unavailable>(outcome));
        Assert.Null(await backend.SubmitArrayAsync([Request("u0"), Request("u1")], default));
    }

    [Fact]
    public async Task A_site_without_arrays_is_asked_once()
    {
        SlurmBackend backend = Make(new JobOwner("c1", Pods));
        _runner.Answer("squeue").Answer("sbatch", "", "sbatch: error: Batch job submission failed: Invalid job array specification", exitCode: 1);
        await backend.ListJobsAsync(default);

        Assert.Null(await backend.SubmitArrayAsync([Request("u0")], default));
        Assert.Null(await backend.SubmitArrayAsync([Request("u0")], default));

        Assert.Single(_runner.Ran, request => request.Program == "sbatch");
        Assert.Empty(Directory.GetFiles(Path.Combine(_directory, "arrays")));
    }

    [Fact]
    public void A_task_finds_its_pod_by_its_number()
    {
        string script = ArrayScript.Script([Request("u0"), Request("u1")], "/d/arrays/array-1");

        Assert.Contains("pod=$(sed -n \"$((SLURM_ARRAY_TASK_ID + 1))p\" /d/arrays/array-1)", script, StringComparison.Ordinal);
        Assert.Contains("exec /opt/agent --config \"$PWD/agent.json\"", script, StringComparison.Ordinal);
    }

    private JobRequest Request(string uid) => new()
    {
        PodUid = uid,
        Pod = new ObjectKey("default", uid),
        Partition = "batch",
        Directory = Path.Combine(Pods, uid),
        Script = "#!/bin/sh\n",
        Flags = [$"--job-name={uid}", $"--comment=miniplane:c1:{uid}", $"--chdir={Path.Combine(Pods, uid)}", $"--output={Pods}/{uid}/slurm-%j.out", "--mem=1M"],
        AgentWords = "/opt/agent",
        ArrayGroup = "job",
        ArrayName = "job",
        Cpus = 1,
        MemoryMiB = 1,
    };
}
