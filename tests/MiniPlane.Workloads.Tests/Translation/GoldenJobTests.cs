using System.Runtime.CompilerServices;
using System.Text.Json;
using MiniPlane.Objects.Errors;
using MiniPlane.Workloads.Backends;
using MiniPlane.Workloads.Site;
using MiniPlane.Workloads.Translation;
using MiniPlane.Workloads.Views;

namespace MiniPlane.Workloads.Tests.Translation;

/// <summary><c>Golden/CASE/pod.yaml</c> becomes <c>Golden/CASE/job.sh</c>; UPDATE_GOLDEN=1 writes the latter anew.</summary>
public sealed class GoldenJobTests
{
    private static readonly SiteSettings Site = SiteSettings.Default with
    {
        PriorityClasses = new Dictionary<string, string>(StringComparer.Ordinal) { ["batch-low"] = "--nice=1000 --qos=low" },
    };

    public static TheoryData<string> Cases =>
        [.. Directory.EnumerateDirectories(Path.Combine(AppContext.BaseDirectory, "Golden")).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_pod_becomes_its_job(string name)
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "Golden", name);
        PodView pod = Yaml.Load(File.ReadAllText(Path.Combine(folder, "pod.yaml"))).Deserialize(WorkloadsJson.Default.PodView)!;
        var errors = new FieldErrors();

        JobRequest? job = PodToJob.Translate(pod, Placement(pod.Metadata.Uid), Site, errors);

        Assert.Empty(errors.Causes);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(Path.Combine(SourceFolder(), "..", "Golden", name, "job.sh"), job!.Script);
            return;
        }

        Assert.Equal(File.ReadAllText(Path.Combine(folder, "job.sh")), job!.Script);
        Assert.Equal(job.Flags.Count, job.Script.Split('\n').Count(line => line.StartsWith("#SBATCH ", StringComparison.Ordinal)));
    }

    internal static JobPlacement Placement(string uid) => new()
    {
        Partition = "batch",
        Directory = $"/home/me/.miniplane/pods/{uid}",
        Comment = $"miniplane:c1:{uid}",
        AgentCommand = ["/opt/mini plane/miniplane-agent"],
    };

    private static string SourceFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
