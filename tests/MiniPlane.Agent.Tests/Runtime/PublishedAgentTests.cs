using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Google.Protobuf;
using MiniPlane.Agent.Tests.Fakes;
using MiniPlane.Objects.Documents;
using MiniPlane.Wire.Agent;

namespace MiniPlane.Agent.Tests.Runtime;

/// <summary>The published program, which the trimmer has been at.</summary>
public sealed class PublishedAgentTests
{
    [Fact]
    public async Task The_published_agent_runs_a_pod_with_all_that_the_source_can_do()
    {
        await using FakeControlPlane plane = await FakeControlPlane.StartAsync();
        string directory = Directory.CreateTempSubdirectory("mp-agent").FullName;
        plane.Assignment.Objects.Add(new NamedObject { Kind = "ConfigMap", Name = "conf", Json = ByteString.CopyFromUtf8("""{"data":{"key":"value"}}""") });
        plane.Assignment.PodJson = ByteString.CopyFrom(Encoding.UTF8.GetBytes("""
            {"metadata":{"name":"web","namespace":"default","uid":"u","annotations":{"miniplane.io/runtime":"host"}},
             "spec":{"restartPolicy":"Never","volumes":[{"name":"conf","configMap":{"name":"conf"}}],
              "containers":[{"name":"main","image":"x","command":["/bin/sh","-c","cat $MINIPLANE_MOUNT_CONF/key; echo; exec sleep 1000"],
                             "envFrom":[{"configMapRef":{"name":"conf"}}],"volumeMounts":[{"name":"conf","mountPath":"/conf"}],
                             "readinessProbe":{"exec":{"command":["/bin/true"]},"periodSeconds":1}}]}}
            """));
        string file = Path.Combine(directory, "agent.json");
        new AgentConfiguration
        {
            Endpoints = [plane.Address],
            CaCertificate = plane.CaCertificate,
            Token = "token",
            PodUid = Path.GetFileName(directory),
            PodDirectory = directory,
        }.Save(file);

        using var agent = Process.Start(RealParts.AgentProgram, ["--config", file]);
        await plane.UntilAsync(status => status.Objects("containerStatuses").First().Flag("ready") == true, "the pod is ready");
        FakeStream log = await plane.OpenAsync(new OpenStream { Log = new LogRequest { Container = "main" } });
        FakeStream exec = await plane.OpenAsync(new OpenStream { Exec = new ExecRequest { Command = { "/bin/sh", "-c", "echo $key" }, Stdout = true } });
        await plane.SendAsync(new ControlMessage { Stop = new StopPod { GracePeriodSeconds = 5 } });
        await agent.WaitForExitAsync(new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token);

        Assert.Equal(("value", "value\n"), (log.Output.TrimEnd('\n'), exec.Output));
        Assert.Equal(1, agent.ExitCode);
        Assert.Equal("Failed", JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(directory, "status.json"))).Text("phase"));
        Directory.Delete(directory, recursive: true);
    }
}
