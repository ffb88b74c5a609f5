using MiniPlane.Workloads.Slurm;
using MiniPlane.Workloads.Slurm.Access;

namespace MiniPlane.Workloads.Tests.Slurm.Access;

public sealed class SlurmRouteTests
{
    private static readonly Dictionary<string, string?> Environment = new(StringComparer.Ordinal)
    {
        ["SLURM_CONF"] = "/etc/our slurm.conf",
        ["SLURM_JWT"] = "secret",
    };

    private static readonly CommandRequest Request = new("sbatch", ["--parsable", "--comment=it's $HOME"])
    {
        WorkingDirectory = "/home/a/pods",
        Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["TZ"] = "UTC" },
    };

    [Fact]
    public void A_command_of_the_host_runs_in_the_hosts_root_as_the_same_user()
    {
        IReadOnlyList<string> words = new SlurmRoute.HostRoot("/host").ToWords(Request, Environment);

        Assert.Equal(
            ["unshare", "--map-current-user", "--root=/host", "--wd=/home/a/pods", "--", "sbatch", "--parsable", "--comment=it's $HOME"], words);
    }

    [Fact]
    public void A_remote_shell_gets_one_quoted_command_with_what_it_needs_and_no_secret()
    {
        IReadOnlyList<string> words = new SlurmRoute.RemoteShell(["ssh", "-p", "2222", "login1"]).ToWords(Request, Environment);

        Assert.Equal(["-p", "2222", "login1"], words.SkipLast(1).TakeLast(3));
        Assert.Equal(
            @"cd /home/a/pods && env 'SLURM_CONF=/etc/our slurm.conf' TZ=UTC sbatch --parsable '--comment=it'\''s $HOME'", words[^1]);
    }

    [Fact]
    public async Task What_ssh_itself_cannot_do_is_no_answer_of_Slurm()
    {
        string ssh = Path.Combine(Directory.CreateTempSubdirectory("miniplane-ssh-").FullName, "ssh");
        await File.WriteAllTextAsync(ssh, "#!/bin/sh\necho no route >&2\nexit 255\n");
        File.SetUnixFileMode(ssh, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using var runner = new ProcessCommandRunner(new SlurmRoute.RemoteShell([ssh, "login1"]), TimeProvider.System);

        CommandResult result = await runner.RunAsync(new CommandRequest("sinfo", []), default);

        Assert.True(SlurmFailures.IsNoAnswer(result));
        Assert.Contains("no route", result.Complaint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_there_is_no_way_the_answer_is_what_to_add()
    {
        using var runner = new ProcessCommandRunner(new SlurmRoute.Nowhere("add this"), TimeProvider.System);

        CommandResult result = await runner.RunAsync(new CommandRequest("sinfo", []), default);

        Assert.Equal("add this", result.Failure);
    }

    [Fact]
    public void A_job_inherits_nothing_of_the_container_that_submits_it()
    {
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["APPTAINER_CONTAINER"] = "/home/a/miniplane.sif",
            ["APPTAINER_BIND"] = "/host",
            ["SINGULARITY_BIND"] = "/host",
            ["APPTAINER_CACHEDIR"] = "/scratch/a",
            ["LD_LIBRARY_PATH"] = "/.singularity.d/libs",
            ["PATH"] = "/opt/miniplane:/usr/bin",
            ["PS1"] = "Apptainer> ",
            ["USER_PATH"] = "/usr/bin:/home/a/bin",
        };

        CommandEnvironment.Clean(environment);

        Assert.Equal(["APPTAINER_CACHEDIR", "PATH"], environment.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("/usr/bin:/home/a/bin", environment["PATH"]);
    }
}
