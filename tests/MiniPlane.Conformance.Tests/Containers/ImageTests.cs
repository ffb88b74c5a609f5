using MiniPlane.Conformance.Tests.Rig;

namespace MiniPlane.Conformance.Tests.Containers;

/// <summary>The image of the top-level Dockerfile, built by buildah from the published programs.</summary>
public sealed class ImageTests
{
    [Fact]
    public async Task It_is_built_labelled_and_runs_a_cluster_as_an_ordinary_user()
    {
        RigSettings rig = await RigSettings.LoadAsync();

        string said = (await Command.RunAsync(Path.Combine(rig.Repository, "tests/rig/oci.sh"), [], limit: TimeSpan.FromMinutes(10))).OrFail();

        Assert.Contains("labels: MiniPlane", said, StringComparison.Ordinal);
        Assert.Contains("miniplane status", said, StringComparison.Ordinal);
        Assert.Contains("user: 1000", said, StringComparison.Ordinal);
        Assert.Contains("MiniPlane 0.1.0 at https://", said, StringComparison.Ordinal);
        string size = said.Split('\n').Single(line => line.StartsWith("size: ", StringComparison.Ordinal));
        Assert.InRange(double.Parse(size.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture), 1, 120);
    }
}
