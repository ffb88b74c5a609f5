using MiniPlane.InSlurm;
using MiniPlane.Workloads.Backends;

namespace MiniPlane.Integration.Tests.InSlurm;

public sealed class ServerJobTests
{
    private static readonly ServerJobRecord Record = new() { JobId = "", Script = "#!/bin/sh\n", WorkingDirectory = "/home/a", TimeLimit = "8:00:00" };

    [Fact]
    public void The_script_is_the_same_command_with_the_same_settings_as_the_job()
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal) { ["site"] = "/home/a/my site.yaml", ["data-dir"] = "~/x", ["port"] = "" };

        string script = ServerJob.Script(["/home/a/bin/miniplane"], "/home/a/x", given, ["--account=proj1", "", "--mem=2G"]);

        Assert.Equal(
            """
            #!/bin/sh
            #SBATCH --account=proj1
            #SBATCH --mem=2G
            exec /home/a/bin/miniplane up --as-job --data-dir /home/a/x --site '/home/a/my site.yaml'

            """,
            script);
    }

    [Fact]
    public void A_successor_waits_for_the_end_of_its_predecessor_and_is_warned_of_its_own()
    {
        JobRequest request = ServerJob.Request(Record, "/home/a/x", predecessor: "17");

        Assert.Contains("--dependency=afterany:17", request.Flags);
        Assert.Contains("--signal=B:USR1@120", request.Flags);
        Assert.Contains("--time=8:00:00", request.Flags);
        Assert.DoesNotContain(ServerJob.Request(Record, "/home/a/x", predecessor: "").Flags, flag => flag.StartsWith("--dependency", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("1", 10)]
    [InlineData("20", 60)]
    [InlineData("2-00:00:00", 120)]
    public void The_warning_fits_the_time_limit(string time, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), ServerJob.Lead(time));
}
