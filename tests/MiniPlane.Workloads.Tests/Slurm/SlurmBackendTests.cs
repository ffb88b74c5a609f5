using MiniPlane.Objects.Documents;
using MiniPlane.Workloads.Backends;
using MiniPlane.Workloads.Slurm;

namespace MiniPlane.Workloads.Tests.Slurm;

public sealed class SlurmBackendTests
{
    private static readonly JobRequest Request = new()
    {
        PodUid = "u1",
        Pod = new ObjectKey("default", "p"),
        Partition = "batch",
        Directory = "/tmp",
        Script = "#!/bin/sh\n",
        Flags = ["--job-name=p"],
        Cpus = 1,
        MemoryMiB = 0,
    };

    private readonly ScriptedRunner _runner = new();

    private SlurmBackend Backend => field ??= Make(new JobOwner("c1", "/pods"));

    private SlurmBackend Make(JobOwner owner) => new(new CommandSlurmClient(_runner, owner), owner);

    [Fact]
    public async Task A_job_is_submitted_with_its_flags_on_the_command_line_and_its_script_as_input()
    {
        _runner.Answer("squeue").Answer("sbatch", "site wrapper says hello\n42;cluster\n");

        SubmitOutcome outcome = await Backend.SubmitAsync(Request, default);

        Assert.Equal(new SubmitOutcome.Submitted("42", WasThere: false), outcome);
        CommandRequest sbatch = _runner.Ran[^1];
        Assert.Equal(["--parsable", "--job-name=p"], sbatch.Arguments);
        Assert.Equal(Request.Script, sbatch.Input);
    }

    [Theory]
    [InlineData("sbatch: error: QOSMaxSubmitJobPerUserLimit\nsbatch: error: Batch job submission failed: Job violates accounting/QOS policy (job submit limit, user's size and/or time limits)")]
    [InlineData("sbatch: error: AssocMaxSubmitJobLimit")]
    public async Task A_full_account_is_no_refusal_of_the_job(string complaint)
    {
        _runner.Answer("squeue").Answer("sbatch", "", complaint, exitCode: 1);

        Assert.IsType<SubmitOutcome.Limited>(await Backend.SubmitAsync(Request, default));
    }

    [Fact]
    public async Task All_jobs_are_listed_by_one_squeue()
    {
        _runner.Answer("squeue");

        Assert.IsType<JobsOutcome.Listed>(await Backend.ListJobsAsync(default));

        Assert.Equal("squeue", Assert.Single(_runner.Ran).Program);
    }

    [Fact]
    public async Task Usage_is_asked_once_for_all_and_no_more_where_there_are_no_accounts()
    {
        _runner.Answer("sacct", "7|1|2|00:01||COMPLETED\n8|1|2|00:01||COMPLETED\n").Answer("sacct", "", "Slurm accounting storage is disabled", exitCode: 1);
        Assert.Equal(2, (await Backend.FindUsageAsync(["7", "8"], default))?.Count);

        Assert.Null(await Backend.FindUsageAsync(["7"], default));
    }

    [Fact]
    public async Task A_second_submission_of_a_pod_starts_nothing()
    {
        _runner.Answer("squeue").Answer("sbatch", "42\n");
        await Backend.SubmitAsync(Request, default);

        SubmitOutcome again = await Backend.SubmitAsync(Request, default);

        Assert.Equal(new SubmitOutcome.Submitted("42", WasThere: true), again);
        Assert.Single(_runner.Programs, "sbatch");
    }

    [Fact]
    public async Task A_job_from_before_a_restart_is_found_in_the_queue_and_not_doubled()
    {
        _runner.Answer("squeue", Queue("17", "PENDING")).Answer("sbatch", "18\n");

        SubmitOutcome outcome = await Backend.SubmitAsync(Request, default);

        Assert.Equal(new SubmitOutcome.Submitted("17", WasThere: true), outcome);
        Assert.DoesNotContain("sbatch", _runner.Programs);
    }

    [Fact]
    public async Task After_a_submission_whose_fate_is_open_the_queue_is_looked_at_first()
    {
        _runner.Answer("squeue").Answer("squeue", Queue("43", "RUNNING")).Answer("sbatch", failure: "sbatch did not answer within 60 s");

        SubmitOutcome first = await Backend.SubmitAsync(Request, default);
        SubmitOutcome second = await Backend.SubmitAsync(Request, default);

        Assert.IsType<SubmitOutcome.Unavailable>(first);
        Assert.Equal(new SubmitOutcome.Submitted("43", WasThere: true), second);
        Assert.Single(_runner.Programs, "sbatch");
    }

    [Fact]
    public async Task A_refusal_is_told_in_sbatchs_words()
    {
        const string Error = "sbatch: error: invalid partition specified: nope\nsbatch: error: Batch job submission failed: Invalid partition name specified\n";
        _runner.Answer("squeue").Answer("sbatch", error: Error, exitCode: 1);

        SubmitOutcome outcome = await Backend.SubmitAsync(Request, default);

        Assert.Equal(
            new SubmitOutcome.Rejected("invalid partition specified: nope; Batch job submission failed: Invalid partition name specified"), outcome);
    }

    [Theory]
    [InlineData("sbatch: error: Batch job submission failed: Unable to contact slurm controller (connect failure)")]
    [InlineData("sbatch: error: Batch job submission failed: Socket timed out on send/recv operation")]
    [InlineData("sbatch: error: Munge encode failed: Failed to access \"/run/munge/munge.socket.2\": No such file or directory")]
    public async Task A_controller_that_is_away_is_no_refusal(string error)
    {
        _runner.Answer("squeue").Answer("sbatch", error: error, exitCode: 1);

        Assert.IsType<SubmitOutcome.Unavailable>(await Backend.SubmitAsync(Request, default));
    }

    [Fact]
    public async Task Nothing_is_submitted_while_the_queue_cannot_be_read()
    {
        _runner.Answer("squeue", error: "slurm_load_jobs error: Unable to contact slurm controller", exitCode: 1).Answer("sbatch", "1\n");

        Assert.IsType<SubmitOutcome.Unavailable>(await Backend.SubmitAsync(Request, default));
        Assert.DoesNotContain("sbatch", _runner.Programs);
    }

    [Fact]
    public async Task A_job_that_nobody_remembers_is_lost()
    {
        _runner
            .Answer("scontrol", error: "slurm_load_jobs error: Invalid job id specified", exitCode: 1)
            .Answer("sacct", error: "Slurm accounting storage is disabled", exitCode: 1);

        var outcome = Assert.IsType<JobsOutcome.Listed>(await Backend.FindJobAsync("7", default));

        Assert.Equal(JobState.Lost, Assert.Single(outcome.Jobs).State);
    }

    [Fact]
    public async Task A_job_is_not_lost_while_the_controller_is_away()
    {
        _runner.Answer("scontrol", error: "slurm_load_jobs error: Unable to contact slurm controller (connect failure)", exitCode: 1);

        Assert.IsType<JobsOutcome.Unavailable>(await Backend.FindJobAsync("7", default));
    }

    [Fact]
    public async Task Ending_in_order_signals_the_agent_alone()
    {
        _runner.Answer("scancel");

        await Backend.CancelAsync("7", CancelMode.Terminate, default);
        await Backend.CancelAsync("7", CancelMode.Kill, default);

        Assert.Equal(["--batch --signal=TERM 7", "7"], _runner.Ran.Select(request => string.Join(' ', request.Arguments)));
    }

    private static string Queue(string id, string state) =>
        string.Join('\u001f', id, state, "None", "0", "0", "batch", "n/a", "", "N/A", "N/A", "2026-11-22T00:00:00", "/x", "miniplane:c1:u1") + "\u001e\n";
}
