using MiniPlane.Objects.Errors;
using MiniPlane.Workloads.Backends;
using MiniPlane.Workloads.Site;
using MiniPlane.Workloads.Translation;
using MiniPlane.Workloads.Views;

namespace MiniPlane.Workloads.Tests.Translation;

public sealed class PodToJobTests
{
    [Theory]
    [InlineData("time", "soon")]
    [InlineData("nodes", "two")]
    [InlineData("ntasks", "1.5")]
    [InlineData("partition", "a b")]
    [InlineData("mem", "lots")]
    [InlineData("hold", "yes")]
    [InlineData("ntasks", "0")]
    [InlineData("cpus-per-task", "-1")]
    [InlineData("priority", "-1")]
    [InlineData("nodes", "4-2")]
    [InlineData("nodes", "0")]
    [InlineData("launch", "sometimes")]
    [InlineData("mpi", "pmi2 x")]
    [InlineData("gpu-type", "")]
    public void A_value_that_cannot_be_is_refused_with_its_field(string name, string value)
    {
        FieldErrors errors = Refuse(new Dictionary<string, string>(StringComparer.Ordinal) { [$"slurm.miniplane.io/{name}"] = value });

        StatusCause cause = Assert.Single(errors.Causes);
        Assert.Equal($"metadata.annotations[slurm.miniplane.io/{name}]", cause.Field);
    }

    [Theory]
    [InlineData("nodes", "2-4k")]
    [InlineData("nice", "-5")]
    [InlineData("priority", "0")]
    [InlineData("time", "0")]
    [InlineData("mem", "0")]
    [InlineData("launch", "once")]
    public void A_value_that_sbatch_takes_is_taken(string name, string value) =>
        Assert.NotNull(Translate(new Dictionary<string, string>(StringComparer.Ordinal) { [$"slurm.miniplane.io/{name}"] = value }, new FieldErrors()));

    [Theory]
    [InlineData("10", false)]
    [InlineData("2", true)]
    public void A_time_limit_before_the_pods_own_deadline_is_warned_of(string minutes, bool isWarned)
    {
        PodView pod = Pod(new Dictionary<string, string>(StringComparer.Ordinal) { ["slurm.miniplane.io/time"] = minutes });
        pod.Spec.ActiveDeadlineSeconds = 300;

        JobRequest job = PodToJob.Translate(pod, GoldenJobTests.Placement("u"), SiteSettings.Default, new FieldErrors())!;

        Assert.Equal(isWarned, job.Flags.Any(flag => flag.StartsWith("--signal=B:TERM@", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("1")]
    public void Slurm_bridges_range_of_nodes_must_be_one(string most)
    {
        FieldErrors errors = Refuse(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["slurmjob.slinky.slurm.net/min-nodes"] = "2",
            ["slurmjob.slinky.slurm.net/max-nodes"] = most,
        });

        Assert.Equal("metadata.annotations[slurmjob.slinky.slurm.net/max-nodes]", Assert.Single(errors.Causes).Field);
    }

    [Theory]
    [InlineData("--array=0-9", "a pod is exactly one job")]
    [InlineData("-a 0-9", "a pod is exactly one job")]
    [InlineData("--chdir=/tmp", "found again")]
    [InlineData("--test-only", "how sbatch runs")]
    [InlineData("script.sh", "is not a flag")]
    [InlineData("--time", "needs a value")]
    [InlineData("--hold=3", "takes no value")]
    [InlineData("-y", "no flag -y")]
    [InlineData("--comment 'open", "is not closed")]
    public void Flags_that_cannot_be_given_are_refused_in_words(string flags, string words)
    {
        FieldErrors errors = Refuse(new Dictionary<string, string>(StringComparer.Ordinal) { [WorkloadAnnotations.Flags] = flags });

        Assert.Contains(errors.Causes, cause => cause.Message.Contains(words, StringComparison.Ordinal) && cause.Field.EndsWith("[slurm.miniplane.io/flags]", StringComparison.Ordinal));
    }

    [Fact]
    public void A_mistyped_annotation_is_refused_and_the_known_ones_are_named()
    {
        FieldErrors errors = Refuse(new Dictionary<string, string>(StringComparer.Ordinal) { ["slurm.miniplane.io/partiton"] = "gpu" });

        Assert.Contains("slurm.miniplane.io/partition", Assert.Single(errors.Causes).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_mistakes_are_told_at_once()
    {
        FieldErrors errors = Refuse(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["slurm.miniplane.io/time"] = "x",
            ["slurm.miniplane.io/nodes"] = "x",
            ["slurm.hpk.io/flags"] = "nonsense",
        });

        Assert.Equal(3, errors.Causes.Count);
    }

    [Fact]
    public void What_the_pod_wrote_itself_is_no_mistake()
    {
        var annotations = new Dictionary<string, string>(StringComparer.Ordinal) { [WorkloadAnnotations.JobId] = "7", [WorkloadAnnotations.PodAddress] = "127.1.0.1" };

        Assert.NotNull(Translate(annotations, new FieldErrors()));
    }

    [Fact]
    public void The_sites_flags_lose_to_the_pods()
    {
        var errors = new FieldErrors();
        SiteSettings site = SiteSettings.Default with { SbatchFlags = "--account=site --qos=normal" };

        JobRequest? job = PodToJob.Translate(
            Pod(new Dictionary<string, string>(StringComparer.Ordinal) { [WorkloadAnnotations.Flags] = "-A mine" }),
            GoldenJobTests.Placement("u"),
            site,
            errors);

        Assert.Contains("--account=mine", job!.Flags);
        Assert.Contains("--qos=normal", job.Flags);
        Assert.DoesNotContain("--account=site", job.Flags);
    }

    [Theory]
    [InlineData("30", 1800)]
    [InlineData("2:30", 150)]
    [InlineData("1:00:00", 3600)]
    [InlineData("1-1", 90000)]
    [InlineData("1-0:01", 86460)]
    [InlineData("0-0:0:5", 5)]
    [InlineData("UNLIMITED", null)]
    [InlineData("", null)]
    public void Times_are_read_as_sbatch_reads_them(string text, int? seconds)
    {
        TimeSpan? read = SlurmTime.Parse(text);

        Assert.Equal(seconds, (int?)read?.TotalSeconds);
    }

    private static FieldErrors Refuse(Dictionary<string, string> annotations)
    {
        var errors = new FieldErrors();
        Assert.Null(Translate(annotations, errors));

        // Admission looks only at pods with annotations that are read.
        Assert.Contains(annotations.Keys, PodToJob.Reads);
        return errors;
    }

    private static JobRequest? Translate(Dictionary<string, string> annotations, FieldErrors errors) =>
        PodToJob.Translate(Pod(annotations), GoldenJobTests.Placement("u"), SiteSettings.Default, errors);

    private static PodView Pod(Dictionary<string, string> annotations) => new()
    {
        Metadata = new PodMetadataView { Name = "p", Namespace = "default", Uid = "u", Annotations = annotations },
    };
}
