using System.Text.Json.Nodes;
using Google.Protobuf;
using MiniPlane.Agent.Runtime;
using MiniPlane.Agent.Tests.Fakes;
using MiniPlane.Objects.Documents;
using MiniPlane.Wire.Agent;

namespace MiniPlane.Agent.Tests.Runtime;

/// <summary>Pods in real containers.</summary>
public sealed class ApptainerPodTests
{
    [Fact]
    public async Task A_pod_runs_from_a_registry_with_exactly_its_own_environment()
    {
        await using FakeControlPlane plane = await FakeControlPlane.StartAsync();
        await using RunningAgent agent = await RunningAgent.StartAsync(plane, Spec("""
            "command":["/bin/sh","-c","echo ODD=\"$ODD\"; env | sort; id; pwd; hostname; touch /usr/bin/new && echo wrote"],
            "workingDir":"/www",
            "env":[{"name":"ODD","value":"a\"b'c\\d `ls` $HOME, e=f\nsecond line"},{"name":"HOME","value":"/elsewhere"},{"name":"IP","valueFrom":{"fieldRef":{"fieldPath":"metadata.namespace"}}}]
            """), host: false);

        Assert.Equal(0, await agent.EndAsync(plane));
        string log = Log(agent);

        Assert.Contains("ODD=a\"b'c\\d `ls` $HOME, e=f\nsecond line\n", log, StringComparison.Ordinal);
        Assert.Contains("HOME=/elsewhere\n", log, StringComparison.Ordinal);
        Assert.Contains("IP=default\n", log, StringComparison.Ordinal);
        Assert.Contains("uid=0(root) gid=0(root)", log, StringComparison.Ordinal);
        Assert.Contains("\n/www\nweb\nwrote\n", log, StringComparison.Ordinal);
        Assert.DoesNotContain("APPTAINER", log, StringComparison.Ordinal);
        Assert.DoesNotContain("SINGULARITY", log, StringComparison.Ordinal);
        JsonObject status = plane.Status.Objects("containerStatuses").First();
        Assert.StartsWith(RealParts.Registry + "/miniplane/busybox@sha256:", status.Text("imageID"), StringComparison.Ordinal);
        Assert.StartsWith("apptainer://", status.Text("containerID"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_images_own_command_runs_and_args_replace_it()
    {
        await using FakeControlPlane plane = await FakeControlPlane.StartAsync();
        await using RunningAgent agent = await RunningAgent.StartAsync(plane, Spec("""
            "args":["/bin/sh","-c","echo by args; exit 42"]
            """), host: false);

        Assert.Equal(1, await agent.EndAsync(plane));

        Assert.Equal("by args\n", Log(agent));
        Assert.Equal(42, plane.Status.Objects("containerStatuses").First().Integer("state", "terminated", "exitCode"));
    }

    [Fact]
    public async Task A_program_that_is_not_in_the_image_is_a_start_error()
    {
        await using FakeControlPlane plane = await FakeControlPlane.StartAsync();
        await using RunningAgent agent = await RunningAgent.StartAsync(plane, Spec("\"command\":[\"nosuch\"]"), host: false);

        Assert.Equal(1, await agent.EndAsync(plane));
        JsonObject status = plane.Status.Objects("containerStatuses").First();

        Assert.Equal("StartError", status.Text("state", "terminated", "reason"));
        Assert.Equal(128, status.Integer("state", "terminated", "exitCode"));
        Assert.Contains("nosuch", status.Text("state", "terminated", "message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_user_of_the_pod_is_the_user_of_its_program()
    {
        await using FakeControlPlane plane = await FakeControlPlane.StartAsync();
        await using RunningAgent agent = await RunningAgent.StartAsync(plane, Spec("""
            "command":["/bin/sh","-c","id -u; id -g; grep CapEff /proc/self/status"],"securityContext":{"runAsUser":1000,"runAsGroup":2000,"runAsNonRoot":true}
            """), host: false);

        await agent.EndAsync(plane);

        Assert.Equal("1000\n2000\nCapEff:\t0000000000000000\n", Log(agent));
    }

    [Fact]
    public async Task Volumes_are_mounted_and_follow_their_objects()
    {
        await using FakeControlPlane plane = await FakeControlPlane.StartAsync();
        plane.Assignment.Objects.Add(Object("ConfigMap", "conf", """{"data":{"key":"first"}}"""));
        plane.Assignment.Objects.Add(Object("Secret", "pass", """{"data":{"word":"czNjcjN0"}}"""));
        plane.Assignment.Tokens.Add(new ServiceAccountToken { Token = "jwt" });
        plane.Assignment.HostsFile = ByteString.CopyFromUtf8("10.0.0.9\tdb.default.svc.cluster.local db\n");
        await using RunningAgent agent = await RunningAgent.StartAsync(plane, Spec("""
            "command":["/bin/sh","-c","cat /secret/word /token/token /etc/podinfo/labels /etc/hosts; echo; echo kept > /data/sub/file; while ! grep -q second /conf/key; do sleep 0.1; done; cat /conf/key; ls -la /conf"],
            "volumeMounts":[{"name":"conf","mountPath":"/conf"},{"name":"secret","mountPath":"/secret"},{"name":"token","mountPath":"/token"},
                            {"name":"info","mountPath":"/etc/podinfo"},{"name":"data","mountPath":"/data"}]
            """, """
            "volumes":[{"name":"conf","configMap":{"name":"conf"}},{"name":"secret","secret":{"secretName":"pass","defaultMode":256}},
                       {"name":"token","projected":{"sources":[{"serviceAccountToken":{"path":"token"}}]}},
                       {"name":"info","downwardAPI":{"items":[{"path":"labels","fieldRef":{"fieldPath":"metadata.labels"}}]}},
                       {"name":"data","emptyDir":{}}],
            "initContainers":[{"name":"prepare","image":"IMAGE","command":["/bin/sh","-c","mkdir /data/sub; chown 33:33 /data/sub"],
                               "volumeMounts":[{"name":"data","mountPath":"/data"}]}],
            """), host: false);
        await plane.UntilAsync(_ => Log(agent).Contains("db.default", StringComparison.Ordinal), "the container shows its files");

        await plane.SendAsync(new ControlMessage { Object = new ObjectUpdate { Object = Object("ConfigMap", "conf", """{"data":{"key":"second"}}""") } });
        Assert.Equal(0, await agent.EndAsync(plane));

        Assert.Contains("s3cr3tjwtapp=\"web\"", Log(agent), StringComparison.Ordinal);
        Assert.Contains("key -> ..data/key", Log(agent), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exec_runs_in_the_containers_namespaces_also_with_a_terminal()
    {
        await using FakeControlPlane plane = await FakeControlPlane.StartAsync();
        await using RunningAgent agent = await RunningAgent.StartAsync(plane, Spec("""
            "command":["/bin/sh","-c","echo here > /tmp/mark; exec sleep 1000"]
            """), host: false);
        await plane.UntilPhaseAsync("Running");

        FakeStream plain = await plane.OpenAsync(
            new OpenStream { Exec = new ExecRequest { Command = { "/bin/sh", "-c", "sleep 0.3; cat /tmp/mark -; exit 3" }, Stdin = true, Stdout = true, Stderr = true } },
            "typed\n");
        FakeStream terminal = await plane.OpenAsync(
            new OpenStream { Exec = new ExecRequest { Command = { "/bin/sh", "-c", "test -t 0 && test -t 1 && tty; echo $TERM" }, Tty = true, Stdout = true } });

        Assert.Equal("here\ntyped\n", plain.Output);
        Assert.Contains("\"message\":\"3\"", plain.Status, StringComparison.Ordinal);
        Assert.Equal("/dev/pts/0\r\nxterm\r\n", terminal.Output);
        Assert.Contains("Success", terminal.Status, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Containers_of_a_pod_share_memory_and_on_request_processes()
    {
        await using FakeControlPlane plane = await FakeControlPlane.StartAsync();
        await using RunningAgent agent = await RunningAgent.StartAsync(plane, """
            {"restartPolicy":"Never","shareProcessNamespace":true,"containers":[
              {"name":"main","image":"IMAGE","command":["/bin/sh","-c","until [ -e /dev/shm/mark ]; do sleep 0.1; done; until ps | grep -q '[s]leep 4711'; do sleep 0.1; done; cat /dev/shm/mark; kill $(ps | awk '/[s]leep 4711/ {print $1}')"]},
              {"name":"other","image":"IMAGE","command":["/bin/sh","-c","echo from the other > /dev/shm/mark; exec sleep 4711"]}]}
            """.Replace("IMAGE", RealParts.Image, StringComparison.Ordinal), host: false);

        await agent.EndAsync(plane);

        Assert.Equal("from the other\n", Log(agent));
        Assert.Equal(143, plane.Status.Objects("containerStatuses").Last().Integer("state", "terminated", "exitCode"));
    }

    [Fact]
    public async Task An_images_files_can_be_a_volume()
    {
        await using FakeControlPlane plane = await FakeControlPlane.StartAsync();
        await using RunningAgent agent = await RunningAgent.StartAsync(plane, Spec("""
            "command":["/bin/sh","-c","ls -d /all/bin/sh /part/sh; touch /all/new || echo read-only"],
            "volumeMounts":[{"name":"img","mountPath":"/all"},{"name":"img","mountPath":"/part","subPath":"bin"}]
            """, """
            "volumes":[{"name":"img","image":{"reference":"IMAGE"}}],
            """), host: false);

        await agent.EndAsync(plane);

        Assert.Contains("/all/bin/sh\n/part/sh\n", Log(agent), StringComparison.Ordinal);
        Assert.Contains("read-only\n", Log(agent), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_debug_container_sees_the_processes_of_its_target()
    {
        await using FakeControlPlane plane = await FakeControlPlane.StartAsync();
        await using RunningAgent agent = await RunningAgent.StartAsync(plane, Spec("\"command\":[\"sleep\",\"4712\"]"), host: false);
        await plane.UntilPhaseAsync("Running");

        JsonObject pod = JsonNode.Parse(plane.Assignment.PodJson.Span)!.AsObject();
        pod["spec"]!["ephemeralContainers"] = new JsonArray(new JsonObject
        {
            ["name"] = "debug",
            ["image"] = RealParts.Image,
            ["targetContainerName"] = "main",
            ["command"] = new JsonArray("/bin/sh", "-c", "ps | grep -c '[s]leep 4712'; exit 9"),
        });
        PodAssignment changed = plane.Assignment.Clone();
        changed.PodJson = ByteString.CopyFromUtf8(pod.ToJsonString());
        await plane.SendAsync(new ControlMessage { Pod = changed });

        await plane.UntilAsync(
            status => status.Objects("ephemeralContainerStatuses").Any(container => container.Integer("state", "terminated", "exitCode") == 9), "it has looked");
        Assert.Equal("1\n", Log(agent, "debug"));
        Assert.Equal("Running", plane.Status!.Text("phase"));
    }

    [Fact]
    public async Task A_volumes_group_and_the_pods_user_own_it()
    {
        await using FakeControlPlane plane = await FakeControlPlane.StartAsync();
        await using RunningAgent agent = await RunningAgent.StartAsync(plane, Spec("""
            "command":["/bin/sh","-c","stat -c %u:%g:%a /data; touch /data/file && cat /secret/word"],
            "volumeMounts":[{"name":"data","mountPath":"/data"},{"name":"secret","mountPath":"/secret"}]
            """, """
            "securityContext":{"runAsUser":1200,"fsGroup":1500},
            "volumes":[{"name":"data","emptyDir":{}},{"name":"secret","configMap":{"name":"pass","defaultMode":256}}],
            """, ("ConfigMap", "pass", """{"data":{"word":"open"}}"""), plane), host: false);

        await agent.EndAsync(plane);

        Assert.Equal("1200:1500:2777\nopen\n", Log(agent));
    }

    [Fact]
    public async Task A_container_outlives_the_signal_that_Slurm_sends_to_every_process()
    {
        await using FakeControlPlane plane = await FakeControlPlane.StartAsync();
        await using RunningAgent agent = await RunningAgent.StartAsync(plane, Spec("\"command\":[\"sleep\",\"1000\"]"), host: false);
        await plane.UntilPhaseAsync("Running");

        string[] carriers = ["starter", "appinit", HolderProgram.Name];
        int[] found = [.. carriers.Select(name => ProcessTree.Find(Environment.ProcessId, name)).OfType<int>()];
        Array.ForEach(found, processId => Signals.Send(processId, Signals.Terminate));
        FakeStream exec = await plane.OpenAsync(
            new OpenStream { Exec = new ExecRequest { Command = { "/bin/sh", "-c", "sleep 1; md5sum /bin/busybox | wc -l; echo new > /file" }, Stdout = true, Stderr = true } });

        Assert.True(found.Length == 3, "Apptainer's processes were found");
        Assert.Equal(("1\n", ""), (exec.Output, exec.Errors));
        Assert.Equal("Running", plane.Status.Text("phase"));
    }

    [Fact]
    public async Task An_image_that_is_not_there_is_tried_again_later()
    {
        await using FakeControlPlane plane = await FakeControlPlane.StartAsync();
        await using RunningAgent agent = await RunningAgent.StartAsync(plane, """
            {"restartPolicy":"Never","containers":[{"name":"main","image":"REGISTRY/miniplane/none:9"}]}
            """.Replace("REGISTRY", RealParts.Registry, StringComparison.Ordinal), host: false);

        await plane.UntilAsync(
            status => status.Objects("containerStatuses").First().Text("state", "waiting", "reason") == "ImagePullBackOff", "it backs off");

        Assert.Contains($"Failed: Failed to pull image \"{RealParts.Registry}/miniplane/none:9\": ", plane.EventText, StringComparison.Ordinal);
        Assert.Contains("/miniplane/none:9: not found", plane.EventText, StringComparison.Ordinal);
        Assert.Equal("Pending", plane.Status.Text("phase"));
    }

    private static NamedObject Object(string kind, string name, string json) =>
        new() { Kind = kind, Name = name, Json = ByteString.CopyFromUtf8(json) };

    private static string Spec(string container, string pod = "") => $$"""
        {"restartPolicy":"Never",{{pod}} "containers":[{"name":"main","image":"IMAGE",{{container}}}]}
        """.Replace("IMAGE", RealParts.Image, StringComparison.Ordinal);

    private static string Spec(string container, string pod, (string Kind, string Name, string Json) known, FakeControlPlane plane)
    {
        plane.Assignment.Objects.Add(Object(known.Kind, known.Name, known.Json));
        return Spec(container, pod);
    }

    private static string Log(RunningAgent agent, string container = "main")
    {
        string path = Path.Combine(agent.Directory, "logs", container, "0.log");
        return File.Exists(path)
            ? string.Concat(File.ReadAllLines(path).Select(line => line[(line.IndexOf(" F ", StringComparison.Ordinal) + 3)..] + "\n"))
            : "";
    }
}
