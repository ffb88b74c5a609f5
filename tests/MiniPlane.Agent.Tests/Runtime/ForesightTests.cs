using MiniPlane.Agent.Tests.Fakes;
using MiniPlane.Wire.Agent;

namespace MiniPlane.Agent.Tests.Runtime;

/// <summary>What an agent begins before its pod is assigned is used when it fits, and gone when it does not.</summary>
public sealed class ForesightTests : IDisposable
{
    private readonly string _cache = Directory.CreateTempSubdirectory("mp-foresight").FullName;

    [Fact]
    public async Task A_container_runs_in_what_was_begun_for_it_and_sees_what_came_later()
    {
        await using FakeControlPlane plane = await PulledAsync();
        plane.Assignment.Objects.Add(new NamedObject { Kind = "ConfigMap", Name = "conf", Json = Google.Protobuf.ByteString.CopyFromUtf8("""{"data":{"key":"value"}}""") });
        plane.Assignment.HostsFile = Google.Protobuf.ByteString.CopyFromUtf8("10.0.0.9\tdb.default.svc.cluster.local db\n");
        string spec = Spec("cat /conf/key /etc/hosts; echo kept > /data/file; cat /data/file");
        await using RunningAgent agent = await RunningAgent.StartAsync(plane, spec, host: false, foreseen: spec);

        Assert.Equal(0, await agent.EndAsync(plane));

        Assert.True(agent.Host.UsedForesight);
        Assert.Contains("value", Log(agent), StringComparison.Ordinal);
        Assert.Contains("db.default.svc.cluster.local", Log(agent), StringComparison.Ordinal);
        Assert.Contains("kept", Log(agent), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(Path.GetTempPath(), $"miniplane-{agent.Configuration.PodUid}")));
    }

    [Fact]
    public async Task What_was_begun_for_another_shape_of_the_pod_is_not_used()
    {
        await using FakeControlPlane plane = await PulledAsync();
        plane.Assignment.Objects.Add(new NamedObject { Kind = "ConfigMap", Name = "conf", Json = Google.Protobuf.ByteString.CopyFromUtf8("""{"data":{"key":"value"}}""") });
        string spec = Spec("touch /here && echo writable");
        string readOnly = spec.Replace("\"image\"", "\"securityContext\":{\"readOnlyRootFilesystem\":true},\"image\"", StringComparison.Ordinal);
        await using RunningAgent agent = await RunningAgent.StartAsync(plane, spec, host: false, foreseen: readOnly);

        Assert.Equal(0, await agent.EndAsync(plane));

        Assert.False(agent.Host.UsedForesight);
        Assert.Equal("writable\n", Log(agent));
        Assert.False(Directory.Exists(Path.Combine(Path.GetTempPath(), $"miniplane-{agent.Configuration.PodUid}")));
    }

    [Fact]
    public async Task A_pod_that_is_never_assigned_leaves_nothing_of_it_behind()
    {
        await using FakeControlPlane plane = await PulledAsync();
        string spec = Spec("echo never");
        RunningAgent agent = await RunningAgent.StartAsync(plane, spec, host: false, foreseen: spec.Replace("main", "other", StringComparison.Ordinal));
        string local = Path.Combine(Path.GetTempPath(), $"miniplane-{agent.Configuration.PodUid}");
        Assert.True(Directory.Exists(local));

        await agent.DisposeAsync();

        Assert.False(agent.Host.UsedForesight);
        Assert.False(Directory.Exists(local));
    }

    public void Dispose() => Agent.Runtime.ScratchDirectory.Remove(_cache);

    private static string Spec(string script) => $$$"""
        {"restartPolicy":"Never","containers":[{"name":"main","image":"{{{RealParts.Image}}}","command":["/bin/sh","-c","{{{script}}}"],
         "volumeMounts":[{"name":"conf","mountPath":"/conf"},{"name":"data","mountPath":"/data"}]}],
         "volumes":[{"name":"conf","configMap":{"name":"conf"}},{"name":"data","emptyDir":{}}]}
        """;

    /// <summary>A control plane whose site has the image already.</summary>
    private async Task<FakeControlPlane> PulledAsync()
    {
        FakeControlPlane plane = await FakeControlPlane.StartAsync();
        plane.Assignment.Site ??= new SiteSettings();
        plane.Assignment.Site.ImageCache = _cache;
        await using RunningAgent first = await RunningAgent.StartAsync(
            plane, $$"""{"restartPolicy":"Never","containers":[{"name":"main","image":"{{RealParts.Image}}","command":["true"]} ]}""", host: false);
        Assert.Equal(0, await first.EndAsync(plane));
        return plane;
    }

    private static string Log(RunningAgent agent) => string.Concat(
        File.ReadAllLines(Path.Combine(agent.Directory, "logs", "main", "0.log")).Select(line => line[(line.IndexOf(" F ", StringComparison.Ordinal) + 3)..] + "\n"));
}
