using MiniPlane.Conformance.Tests.Rig;

namespace MiniPlane.Conformance.Tests.Pods;

/// <summary>The control plane dies without warning while pods run, and comes back on the same data directory.</summary>
public sealed class RestartTests : IAsyncLifetime
{
    private RigSettings? _rig;
    private ControlPlaneProcess? _controlPlane;

    private RigSettings Rig => _rig ?? throw new InvalidOperationException("not initialized");

    private ControlPlaneProcess ControlPlane => _controlPlane ?? throw new InvalidOperationException("not initialized");

    public async Task InitializeAsync()
    {
        _rig = await RigSettings.LoadAsync();
        _controlPlane = new ControlPlaneProcess(_rig);
        await _controlPlane.StartAsync();
    }

    public async Task DisposeAsync()
    {
        if (_controlPlane is not null)
        {
            await _controlPlane.DisposeAsync();
        }
    }

    [Fact]
    public async Task Objects_and_jobs_are_the_same_and_what_happened_meanwhile_arrives()
    {
        await using var kubectl = new Kubectl(Rig, ControlPlane.Kubeconfig, "default", Kubectl.Newest);
        string signal = Path.Combine(ControlPlane.Directory, "finish");
        await kubectl.OkAsync("create", "deployment", "web", $"--image={Rig.Busybox}", "--replicas=2", "--", "sleep", "3600");
        await kubectl.ApplyAsync(WaitingJob(signal));
        await kubectl.OkAsync("rollout", "status", "deployment/web", "--timeout=90s");
        await kubectl.FieldIsAsync("job", "waiting", ".status.ready", "1");
        string pods = await IdentitiesAsync(kubectl);
        string jobs = await JobsAsync();

        await ControlPlane.KillAsync();
        (await Rig.RunAsync("touch", signal)).OrFail();
        await ControlPlane.StartAsync();
        await kubectl.OkAsync("wait", "--for=condition=complete", "job/waiting", "--timeout=90s");

        Assert.Equal(pods, await IdentitiesAsync(kubectl));
        Assert.Equal(jobs, await JobsAsync());
        Assert.Equal("finished\n", await kubectl.OkAsync("logs", "job/waiting"));
        Assert.Equal("0 0", await kubectl.OkAsync("get", "pods", "-l", "app=web", "-o", "jsonpath={.items[*].status.containerStatuses[0].restartCount}"));
        await kubectl.OkAsync("scale", "deployment/web", "--replicas=1");
        await kubectl.FieldIsAsync("deployment", "web", ".status.replicas", "1");
    }

    // Every job that was ever submitted from this data directory, ended ones too: a second submission would show.
    private async Task<string> JobsAsync()
    {
        string all = (await Rig.RunAsync("squeue", "-h", "--me", "-t", "all", "-o", "%A %Z")).OrFail();
        IEnumerable<string> own = all.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(job => job.Contains(ControlPlane.Directory, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
        string text = string.Join('\n', own);
        Assert.NotEmpty(text);
        return text;
    }

    private static Task<string> IdentitiesAsync(Kubectl kubectl) =>
        kubectl.OkAsync(
            "get", "pods,deployments,replicasets,jobs", "--sort-by=.metadata.name",
            "-o", "custom-columns=N:.metadata.name,U:.metadata.uid,C:.metadata.creationTimestamp,O:.spec.nodeName");

    private string WaitingJob(string signal) => $$"""
        apiVersion: batch/v1
        kind: Job
        metadata: {name: waiting}
        spec:
          backoffLimit: 0
          template:
            spec:
              restartPolicy: Never
              containers:
              - name: main
                image: {{Rig.Busybox}}
                command: [sh, -c, 'until [ -e /out/{{Path.GetFileName(signal)}} ]; do sleep 0.2; done; echo finished']
                volumeMounts: [{name: out, mountPath: /out}]
              volumes: [{name: out, hostPath: {path: {{Path.GetDirectoryName(signal)}} } }]
        """;
}
