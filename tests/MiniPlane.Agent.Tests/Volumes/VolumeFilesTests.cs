using System.Text;
using MiniPlane.Agent.Pods;
using MiniPlane.Agent.Tests.Fakes;
using MiniPlane.Agent.Volumes;

namespace MiniPlane.Agent.Tests.Volumes;

public sealed class VolumeFilesTests
{
    private static readonly (string, string, string) Map = ("ConfigMap", "conf", """{"data":{"a":"1","b":"2"},"binaryData":{"c":"AAE="}}""");

    [Fact]
    public void Items_choose_keys_paths_and_modes()
    {
        IReadOnlyDictionary<string, VolumeFile> files = Make("""{"configMap":{"name":"conf","defaultMode":256,"items":[{"key":"a","path":"x/y"},{"key":"c","path":"z","mode":511}]}}""");

        Assert.Equal(["x/y", "z"], files.Keys.Order());
        Assert.Equal(("1", 256), (Encoding.UTF8.GetString(files["x/y"].Content), files["x/y"].Mode));
        Assert.Equal([0, 1], files["z"].Content);
        Assert.Equal(511, files["z"].Mode);
    }

    [Theory]
    [InlineData("""{"configMap":{"name":"none"}}""", "configmap \"none\" not found")]
    [InlineData("""{"secret":{"secretName":"none"}}""", "secret \"none\" not found")]
    [InlineData("""{"configMap":{"name":"conf","items":[{"key":"q","path":"q"}]}}""", "configmap references non-existent config key: q")]
    [InlineData("""{"configMap":{"name":"conf","items":[{"key":"a","path":"../q"}]}}""", "invalid path ../q")]
    public void What_cannot_be_made_is_named(string volume, string message) =>
        Assert.Equal(message, Assert.Throws<VolumeException>(() => Make(volume)).Message);

    [Fact]
    public void What_is_optional_is_left_out() => Assert.Empty(Make("""{"secret":{"secretName":"none","optional":true}}"""));

    private static IReadOnlyDictionary<string, VolumeFile> Make(string volume)
    {
        PodContext context = Contexts.Make("{\"volumes\":[" + volume + "]}", Map);
        return VolumeFiles.Make(context, context.Pod.Spec.Volumes[0])!;
    }
}
