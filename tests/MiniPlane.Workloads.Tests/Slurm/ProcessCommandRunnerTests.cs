using MiniPlane.Workloads.Slurm;
using MiniPlane.Workloads.Slurm.Access;

namespace MiniPlane.Workloads.Tests.Slurm;

public sealed class ProcessCommandRunnerTests
{
    [Fact]
    public async Task Arguments_input_and_prefix_reach_the_program_as_they_are()
    {
        using var runner = new ProcessCommandRunner(new SlurmRoute.Prefix(["env", "MARK=a b"]), TimeProvider.System);

        CommandResult result = await runner.RunAsync(
            new CommandRequest("sh", ["-c", "echo \"$MARK|$1\"; cat; echo bad >&2; exit 3", "sh", "it's $HOME"]) { Input = "from stdin" }, default);

        Assert.Equal(new CommandResult(3, "a b|it's $HOME\nfrom stdin", "bad\n"), result);
    }

    [Fact]
    public async Task A_program_that_hangs_is_stopped()
    {
        using var runner = new ProcessCommandRunner(SlurmRoute.Direct.Value, TimeProvider.System);

        CommandResult result = await runner.RunAsync(
            new CommandRequest("sleep", ["60"]) { TimeLimit = TimeSpan.FromMilliseconds(100) }, default);

        Assert.Contains("did not answer", result.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_a_result()
    {
        using var runner = new ProcessCommandRunner(SlurmRoute.Direct.Value, TimeProvider.System);

        CommandResult result = await runner.RunAsync(new CommandRequest("no-such-program-here", []), default);

        Assert.False(result.Succeeded);
        Assert.Contains("no-such-program-here", result.Complaint, StringComparison.Ordinal);
    }

    [Fact]
    public void Secrets_and_the_traces_of_another_job_are_not_handed_on()
    {
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["PATH"] = "/bin",
            ["SLURM_CONF"] = "/etc/slurm.conf",
            ["SLURM_JOB_ID"] = "1",
            ["SLURM_MEM_PER_NODE"] = "5",
            ["SBATCH_ACCOUNT"] = "mine",
            ["GITHUB_TOKEN"] = "x",
            ["KUBECONFIG"] = "x",
            ["MINIPLANE_HOME"] = "x",
        };

        CommandEnvironment.Clean(environment);

        Assert.Equal(["PATH", "SBATCH_ACCOUNT", "SLURM_CONF"], environment.Keys.Order(StringComparer.Ordinal));
    }
}
