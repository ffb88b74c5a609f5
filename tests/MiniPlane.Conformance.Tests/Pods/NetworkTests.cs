using System.Text.Json.Nodes;
using MiniPlane.Conformance.Tests.Rig;

namespace MiniPlane.Conformance.Tests.Pods;

/// <summary>
/// Pods in a network that the real Apptainer makes. It does so for root, and for users where it is installed setuid, which Debian's is not;
/// so this cluster and its jobs are root's.
/// </summary>
public sealed class NetworkTests
{
    private const string Pods =
        """
        apiVersion: v1
        kind: Service
        metadata: {name: one}
        spec: {selector: {app: one}, ports: [{port: 80}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: one, labels: {app: one}}
        spec:
          containers:
          - name: web
            image: IMAGE
            command: [/bin/sh, -c, "mkdir /w && echo this is one > /w/index.html && exec httpd -f -p 80 -h /w"]
            readinessProbe: {httpGet: {path: /, port: 80}, periodSeconds: 1}
          - name: side
            image: IMAGE
            command: [/bin/sh, -c, "until wget -qO- http://localhost/; do sleep 1; done; exec sleep 3600"]
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: two, labels: {app: two}}
        spec:
          containers:
          - name: web
            image: IMAGE
            command: [/bin/sh, -c, "mkdir /w && echo this is two > /w/index.html && exec httpd -f -p 80 -h /w"]
            readinessProbe: {httpGet: {path: /, port: 80}, periodSeconds: 1}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: plain, annotations: {miniplane.io/pod-network: host}}
        spec:
          containers: [{name: main, image: IMAGE, command: [/bin/sh, -c, "exec sleep 3600"]}]
        """;

    [Fact]
    public async Task Two_pods_of_one_node_listen_on_one_port_each_at_its_own_address_and_name()
    {
        RigSettings rig = (await RigSettings.LoadAsync()) with { RunsAsRoot = Environment.IsPrivilegedProcess };
        string site = Path.Combine(rig.Work, "networks.yaml");
        (await rig.RunAsync("sh", "-c", "echo 'networks: [bridge, host]' > \"$1\"", "sh", site)).OrFail();
        await using var controlPlane = new ControlPlaneProcess(rig, settings: ["--backend", "slurm", "--site", site]);
        await controlPlane.StartAsync();
        await using var kubectl = new Kubectl(rig, controlPlane.Kubeconfig, "default", Kubectl.Newest);

        CommandResult refused = await kubectl.RunAsync("run", "other", "--image=none", "--annotations=miniplane.io/pod-network=other");
        await kubectl.ApplyAsync(Pods.Replace("IMAGE", rig.ImageFile, StringComparison.Ordinal));

        Assert.Contains("supported values: \"bridge\", \"host\"", refused.Error, StringComparison.Ordinal);
        if (!rig.RunsAsRoot)
        {
            await kubectl.FieldIsAsync("pod", "one", ".status.reason", "PodNetworkFailed");
            return;
        }

        await kubectl.OkAsync("wait", "--for=condition=Ready", "pod/one", "pod/two", "pod/plain", "--timeout=90s");
        JsonNode[] pods = [await kubectl.GetAsync("pod", "one"), await kubectl.GetAsync("pod", "two"), await kubectl.GetAsync("pod", "plain")];
        string[] addresses = [.. pods.Select(pod => pod["status"]!["podIP"]!.GetValue<string>())];
        Assert.Equal(3, addresses.Distinct(StringComparer.Ordinal).Count());
        Assert.DoesNotContain(pods[0]["status"]!["hostIP"]!.GetValue<string>(), addresses[..2]);
        Assert.Equal(pods[2]["status"]!["hostIP"]!.GetValue<string>(), pods[0]["status"]!["hostIP"]!.GetValue<string>());
        Assert.Equal("this is one\n", await kubectl.OkAsync("exec", "two", "--", "wget", "-qO-", $"http://{addresses[0]}/"));
        Assert.Equal("this is two\n", await kubectl.OkAsync("exec", "one", "-c", "side", "--", "wget", "-qO-", $"http://{addresses[1]}/"));
        await kubectl.ShowsAsync("this is one", "exec", "two", "--", "wget", "-qO-", "http://one/");
        await kubectl.ShowsAsync("this is one", "logs", "one", "-c", "side");
        await kubectl.OkAsync("delete", "pods", "--all", "--grace-period=1");
    }
}
