using System.Text.Json.Nodes;
using MiniPlane.Conformance.Tests.Rig;
using MiniPlane.Testing;

namespace MiniPlane.Conformance.Tests.Containers;

/// <summary><c>miniplane up --in-slurm</c>: the cluster is a job, and goes on in the next one.</summary>
public sealed class InSlurmTests : IAsyncLifetime
{
    private RigSettings? _rig;

    private RigSettings Rig => _rig ?? throw new InvalidOperationException("not initialized");

    public async Task InitializeAsync() => _rig = await RigSettings.LoadAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_successor_takes_over_with_state_pods_and_kubeconfig_and_down_ends_both()
    {
        string data = Path.Combine(Rig.Work, $"in-slurm-{Guid.NewGuid().ToString("n")[..8]}");
        string miniplane = Path.Combine(Rig.App, "miniplane");
        try
        {
            string said = (await Rig.RunAsync(
                miniplane, "up", "--in-slurm", "--time", "10", "--data-dir", data, "--poll-interval", "1", "--slurm-flags", "--mem=2G")).OrFail();
            Assert.Contains("MiniPlane is ready at https://", said, StringComparison.Ordinal);
            await using var kubectl = new Kubectl(Rig, Path.Combine(data, "admin.conf"), "default", Kubectl.Newest);
            await kubectl.OkAsync("run", "web", $"--image={Rig.Busybox}", "--", "sleep", "3600");
            await kubectl.FieldIsAsync("pod", "web", ".status.phase", "Running");
            string uid = await kubectl.FieldAsync("pod", "web", ".metadata.uid");
            string first = await JobAsync(data, "readyJobId");

            // What Slurm sends some time before the limit.
            (await Rig.RunAsync("scancel", "--batch", "--signal=USR1", first)).OrFail();
            await Eventually.TrueAsync(
                async () => await JobAsync(data, "readyJobId") != first, "the successor is ready", Kubectl.PodLimit);

            Assert.Equal(uid, await kubectl.FieldAsync("pod", "web", ".metadata.uid"));
            await Eventually.TrueAsync(
                async () => (await kubectl.RunAsync("exec", "web", "--", "echo", "still here")).Output == "still here\n",
                "the pod's agent has found the successor",
                Kubectl.PodLimit);
            Assert.Equal("0", await kubectl.FieldAsync("pod", "web", ".status.containerStatuses[0].restartCount"));
            (await Rig.RunAsync(miniplane, "down", "--cancel-jobs", "--data-dir", data)).OrFail();
            await Eventually.TrueAsync(async () => !(await QueueAsync()).Contains("miniplane", StringComparison.Ordinal), "no server is left in the queue", Kubectl.PodLimit);
        }
        finally
        {
            string[] left = (await QueueAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Where(line => line.EndsWith(" miniplane", StringComparison.Ordinal))
                .Select(line => line.Split(' ')[0])
                .ToArray();
            if (left.Length > 0)
            {
                await Rig.RunAsync(["scancel", .. left]);
            }
        }
    }

    private async Task<string> JobAsync(string data, string field) =>
        (string?)JsonNode.Parse((await Rig.RunAsync("cat", Path.Combine(data, "in-slurm.json"))).OrFail())?[field] ?? "";

    private async Task<string> QueueAsync() => (await Rig.RunAsync("squeue", "-h", "--me", "-o", "%A %j")).OrFail();
}
