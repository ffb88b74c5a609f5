using System.Text.Json.Nodes;
using MiniPlane.Workloads.Backends;
using MiniPlane.Workloads.Slurm;
using MiniPlane.Workloads.Slurm.Rest;

namespace MiniPlane.Workloads.Tests.Slurm.Rest;

public sealed class RestSlurmClientTests
{
    private static readonly JobOwner Owner = new("c1", "/home/hpc/.mp/pods");

    private static readonly SlurmSubmission Submission = new(
        ["--job-name=web", "--comment=miniplane:c1:u1", "--partition=batch", "--mem=2G", "--time=1:30:00", "--no-requeue", "--cpus-per-task=2", "--gres=gpu:a100:1", "--signal=B:TERM@60"],
        "#!/bin/sh\n#SBATCH --mem=1G\n#SBATCH --account=\"proj 1\"\nexec agent\n",
        "/home/hpc/.mp/pods/u1");

    public static TheoryData<string> Releases => ["22.05", "24.11", "26.05"];

    [Theory]
    [MemberData(nameof(Releases))]
    public async Task A_job_is_submitted_listed_and_cancelled(string release)
    {
        await using FakeSlurmrestd server = await FakeSlurmrestd.StartAsync(release);
        using RestCaller rest = Caller(server);
        var client = new RestSlurmClient(rest, Owner, 1001);

        SubmitOutcome outcome = await client.SubmitAsync(Submission, default);
        var jobs = (JobsOutcome.Listed)await client.ListJobsAsync(default);
        CancelOutcome cancelled = await client.CancelAsync("7_1", CancelMode.Kill, default);

        Assert.IsType<SubmitOutcome.Submitted>(outcome);
        Assert.Contains(jobs.Jobs, job => job.PodUid == "u-run");
        Assert.IsType<CancelOutcome.Accepted>(cancelled);
        Assert.EndsWith("/job/7_1", server.Asked[^1], StringComparison.Ordinal);
        Assert.StartsWith("DELETE /slurm/v0.0.", server.Asked[^1], StringComparison.Ordinal);
        Assert.StartsWith(release, await client.FindVersionAsync(default), StringComparison.Ordinal);
        Assert.Single(server.Asked, "GET /openapi/v3");
    }

    [Fact]
    public async Task The_oldest_version_gets_values_as_sbatch_takes_them()
    {
        JsonObject body = await SubmittedAsync("22.05");
        JsonNode job = body["job"]!;

        Assert.Equal(("web", "2G", "1:30:00", "gpu:a100:1"), ((string?)job["name"], (string?)job["memory_per_node"], (string?)job["time_limit"], (string?)job["gres"]));
        Assert.Equal((2, false, "proj 1", "/home/hpc/.mp/pods/u1"), ((int?)job["cpus_per_task"], (bool?)job["requeue"], (string?)job["account"], (string?)job["current_working_directory"]));
        Assert.NotEmpty((string?)job["environment"]?["PATH"] ?? "");
        Assert.Null(job["signal"]);
        Assert.Contains("left=5340;", (string?)body["script"], StringComparison.Ordinal);
        Assert.EndsWith("exec agent\n", (string?)body["script"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("24.11")]
    [InlineData("26.05")]
    public async Task Later_versions_get_the_fields_of_sbatchs_message(string release)
    {
        JsonObject body = await SubmittedAsync(release);
        JsonNode job = body["job"]!;

        Assert.Equal("""{"set":true,"infinite":false,"number":2048}""", job["memory_per_node"]?.ToJsonString());
        Assert.Equal(90, (int?)job["time_limit"]?["number"]);
        Assert.Equal(("TERM", 60, "BATCH_JOB"), ((string?)job["kill_warning_signal"], (int?)job["kill_warning_delay"]?["number"], (string?)job["kill_warning_flags"]?[0]));
        Assert.Equal(("gres/gpu:a100:1", "proj 1", false), ((string?)job["tres_per_node"], (string?)job["account"], (bool?)job["requeue"]));
        Assert.Contains(job["environment"]!.AsArray(), item => ((string?)item)!.StartsWith("PATH=", StringComparison.Ordinal));
        Assert.Equal(Submission.Script, (string?)job["script"]);
        Assert.Null(body["script"]);
    }

    [Theory]
    [MemberData(nameof(Releases))]
    public async Task A_refusal_is_told_in_Slurms_words_and_an_unknown_job_is_lost(string release)
    {
        await using FakeSlurmrestd server = await FakeSlurmrestd.StartAsync(release);
        server.Instead("submit", 500, FakeSlurmrestd.Sample(release, "rest-refused.json")).Instead("4711", 500, FakeSlurmrestd.Sample(release, "rest-unknown.json"));
        using RestCaller rest = Caller(server);
        var client = new RestSlurmClient(rest, Owner, 1001);

        var refused = Assert.IsType<SubmitOutcome.Rejected>(await client.SubmitAsync(Submission, default));
        var found = (JobsOutcome.Listed)await client.FindJobAsync("999", default);

        Assert.Contains("Invalid partition name specified", refused.Message, StringComparison.Ordinal);
        Assert.Equal(JobState.Lost, Assert.Single(found.Jobs).State);
    }

    [Theory]
    [InlineData("Job violates accounting/QOS policy (job submit limit, user's size and/or time limits)", typeof(SubmitOutcome.Limited))]
    [InlineData("Unable to contact slurm controller (connect failure)", typeof(SubmitOutcome.Unavailable))]
    [InlineData("Requested node configuration is not available", typeof(SubmitOutcome.Rejected))]
    public async Task Errors_mean_what_they_mean_from_sbatch(string words, Type outcome)
    {
        await using FakeSlurmrestd server = await FakeSlurmrestd.StartAsync("26.05");
        server.Instead("submit", 500, $$"""{"errors":[{"error":"{{words}}","error_number":1}]}""");
        using RestCaller rest = Caller(server);

        Assert.IsType(outcome, await new RestSlurmClient(rest, Owner, 1001).SubmitAsync(Submission, default));
    }

    [Fact]
    public async Task A_job_with_a_number_is_there_whatever_else_is_said()
    {
        await using FakeSlurmrestd server = await FakeSlurmrestd.StartAsync("22.05");
        server.Instead("submit", 500, """{"errors":[{"error_code":2042,"error":"Job is in held state, pending scheduler release"}],"job_id":251}""");
        using RestCaller rest = Caller(server);

        SubmitOutcome outcome = await new RestSlurmClient(rest, Owner, 1001).SubmitAsync(Submission, default);

        Assert.Equal(new SubmitOutcome.Submitted("251", WasThere: false), outcome);
    }

    [Fact]
    public async Task What_slurmrestd_cannot_say_is_refused_and_not_left_out()
    {
        await using FakeSlurmrestd server = await FakeSlurmrestd.StartAsync("22.05");
        using RestCaller rest = Caller(server);

        var refused = Assert.IsType<SubmitOutcome.Rejected>(
            await new RestSlurmClient(rest, Owner, 1001).SubmitAsync(Submission with { Flags = ["--nodelist=node1", "--bbf=file"] }, default));

        Assert.Contains("--nodelist, --bbf", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Asked, asked => asked.StartsWith("POST", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_token_goes_along_with_the_users_name_and_is_read_anew_each_time()
    {
        await using FakeSlurmrestd server = await FakeSlurmrestd.StartAsync("22.05");
        string file = Path.GetTempFileName();
        using var rest = new RestCaller(server.Address, new RestLogin(file, _ => null) { User = "ann" }, TimeProvider.System);
        var client = new RestSlurmClient(rest, Owner, 1001);

        await File.WriteAllTextAsync(file, "SLURM_JWT=one\n");
        await client.ListJobsAsync(default);
        Assert.Equal(("ann", "one"), (server.LastHeaders["X-SLURM-USER-NAME"].ToString(), server.LastHeaders["X-SLURM-USER-TOKEN"].ToString()));
        await File.WriteAllTextAsync(file, "two");
        await client.ListJobsAsync(default);
        Assert.Equal("two", server.LastHeaders["X-SLURM-USER-TOKEN"].ToString());
        File.Delete(file);
    }

    [Theory]
    [InlineData(401, "Authentication failure")]
    [InlineData(200, "Authentication failure")]
    [InlineData(511, """{"jobs":[],"errors":[{"description":"Unable to query jobs","error_number":1007,"error":"Protocol authentication error"}]}""")]
    public async Task Without_a_token_that_counts_nothing_is_concluded_and_it_says_how_to_get_one(int status, string body)
    {
        await using FakeSlurmrestd server = await FakeSlurmrestd.StartAsync("24.11");
        server.Instead("jobs", status, body);
        using RestCaller rest = Caller(server);

        var outcome = Assert.IsType<JobsOutcome.Unavailable>(await new RestSlurmClient(rest, Owner, 1001).ListJobsAsync(default));

        Assert.Contains("scontrol token", outcome.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_slurmrestd_that_is_gone_is_no_answer()
    {
        var address = RestAddress.Parse("unix:/nonexistent/sock");
        using var rest = new RestCaller(address, new RestLogin("", _ => null), TimeProvider.System);
        var client = new RestSlurmClient(rest, Owner, 1001);

        Assert.IsType<JobsOutcome.Unavailable>(await client.ListJobsAsync(default));
        Assert.IsType<PartitionsOutcome.Unavailable>(await client.ListPartitionsAsync(default));
        Assert.IsType<SubmitOutcome.Unavailable>(await client.SubmitAsync(Submission, default));
        Assert.IsType<CancelOutcome.Unavailable>(await client.CancelAsync("1", CancelMode.Kill, default));
        Assert.IsType<JobsOutcome.Unavailable>(await client.FindJobAsync("1", default));
    }

    [Fact]
    public async Task A_signal_goes_to_the_batch_script_alone_where_that_can_be_said()
    {
        await using FakeSlurmrestd server = await FakeSlurmrestd.StartAsync("26.05");
        using RestCaller rest = Caller(server);

        await new RestSlurmClient(rest, Owner, 1001).CancelAsync("5", CancelMode.Terminate, default);

        Assert.EndsWith("/job/5?signal=TERM&flags=BATCH_JOB", server.Asked[^1], StringComparison.Ordinal);
    }

    private static RestCaller Caller(FakeSlurmrestd server) => new(server.Address, new RestLogin("", _ => null), TimeProvider.System);

    private static async Task<JsonObject> SubmittedAsync(string release)
    {
        await using FakeSlurmrestd server = await FakeSlurmrestd.StartAsync(release);
        using RestCaller rest = Caller(server);
        Assert.IsType<SubmitOutcome.Submitted>(await new RestSlurmClient(rest, Owner, 1001).SubmitAsync(Submission, default));
        return JsonNode.Parse(server.LastBody)!.AsObject();
    }
}
