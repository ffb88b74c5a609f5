using MiniPlane.Doctor;

namespace MiniPlane.Integration.Tests.Doctor;

public sealed class SlurmChecksTests
{
    private readonly ScriptedSite _site = ScriptedSite.Fit();

    [Fact]
    public async Task A_fit_site_has_nothing_to_mend_and_the_default_partition_comes_first()
    {
        var checks = new SlurmChecks(_site, "--account=proj1");

        IReadOnlyList<Finding> findings = await checks.RunAsync(CancellationToken.None);

        Assert.All(findings, finding => Assert.Equal((Severity.Fine, ""), (finding.Severity, finding.Fix)));
        Assert.Equal(["batch", "gpu"], checks.Partitions);
        Assert.Contains(_site.Asked, line => line.StartsWith("sbatch --test-only --account=proj1 --partition=batch", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_its_commands_nothing_else_of_Slurm_is_asked_and_the_fix_names_the_ways()
    {
        var nothing = new ScriptedSite();

        Finding finding = Assert.Single(await new SlurmChecks(nothing, "").RunAsync(CancellationToken.None));

        Assert.Equal(Severity.Broken, finding.Severity);
        Assert.Contains("sinfo, squeue, sbatch, scancel, scontrol", finding.Message, StringComparison.Ordinal);
        Assert.Contains("module load slurm", finding.Fix, StringComparison.Ordinal);
        Assert.Contains("commandPrefix", finding.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_controller_that_does_not_answer_is_told_in_its_own_words()
    {
        _site.Fail("sinfo -h", "slurm_load_partitions: Unable to contact slurm controller (connect failure)");

        Finding finding = Assert.Single(await RunAsync(), one => one.Severity == Severity.Broken);

        Assert.Contains("Unable to contact slurm controller", finding.Message, StringComparison.Ordinal);
        Assert.Contains("munge", finding.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_site_where_every_node_is_down_is_broken()
    {
        _site.Answer("sinfo -h", "batch*|up|4|down*\ngpu|down|2|idle\n");

        Finding finding = Assert.Single(await RunAsync(), one => one.Severity == Severity.Broken);

        Assert.Equal("partitions", finding.Check);
        Assert.Contains("sinfo -R", finding.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_that_sbatch_would_refuse_names_the_site_file()
    {
        _site.Fail("sbatch --test-only", "allocation failure: Invalid account or account/partition combination specified");

        Finding finding = Assert.Single(await RunAsync(), one => one.Severity == Severity.Broken);

        Assert.Contains("Invalid account", finding.Message, StringComparison.Ordinal);
        Assert.Contains("account: …", finding.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_accounting_the_site_is_weak_and_not_broken()
    {
        _site.Fail("sacct", "Slurm accounting storage is disabled");

        Finding finding = Assert.Single(await RunAsync(), one => one.Severity != Severity.Fine);

        Assert.Equal(Severity.Weak, finding.Severity);
        Assert.Contains("300 sec", finding.Message, StringComparison.Ordinal);
    }

    private Task<IReadOnlyList<Finding>> RunAsync() => new SlurmChecks(_site, "").RunAsync(CancellationToken.None);
}
