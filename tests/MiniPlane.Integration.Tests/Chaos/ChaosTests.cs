using System.Globalization;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;
using MiniPlane.Testing;

namespace MiniPlane.Integration.Tests.Chaos;

/// <summary>
/// Random changes by a user, random deletions and kills of the process; afterwards the world must be what the specs say. How much is
/// set by <c>MINIPLANE_CHAOS_SEEDS</c> (how many seeds, or <c>first-last</c>) and <c>MINIPLANE_CHAOS_OPERATIONS</c>; the suite does little of it.
/// Run by hand with 300 operations over the seeds up to 50 it takes 30 to 60 s a seed and found, in November 2026, three seeds (7, 13, 38) that
/// did not come to rest, and later, with what slices, budgets and a quota count looked at too, a fourth (29); with what they found mended,
/// they do (docs/performance.md, "Long runs by hand").
/// </summary>
public sealed class ChaosTests
{
    private const string Pods = "/api/v1/namespaces/default/pods";
    private const string Jobs = "/apis/batch/v1/namespaces/default/jobs";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    public static TheoryData<int> Seeds
    {
        get
        {
            string[] ends = (Environment.GetEnvironmentVariable("MINIPLANE_CHAOS_SEEDS") ?? "1").Split('-');
            int last = int.Parse(ends[^1], CultureInfo.InvariantCulture);
            int first = ends.Length > 1 ? int.Parse(ends[0], CultureInfo.InvariantCulture) : 1;
            return [.. Enumerable.Range(first, last - first + 1)];
        }
    }

    private static int Operations => int.Parse(
        Environment.GetEnvironmentVariable("MINIPLANE_CHAOS_OPERATIONS") ?? "60", CultureInfo.InvariantCulture);

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task After_random_changes_and_kills_the_world_is_what_the_specs_say(int seed)
    {
        var random = new Random(seed);
        await using var cluster = new SimulatedCluster();
        await cluster.StartAsync();
        ChaosWorkload[] workloads = Workloads();
        var watchers = new ChaosWatchers(workloads);
        await watchers.CreateAsync(cluster);
        for (int i = 0; i < Operations; i++)
        {
            await StepAsync(cluster, workloads[random.Next(workloads.Length)], random);
        }

        foreach (ChaosWorkload workload in workloads)
        {
            // Time goes on for a CronJob: it rests only when it is suspended.
            workload.IsPaused = workload.Kind == "CronJob";
            await PutAsync(cluster, workload);
        }

        string? complaint = "";
        try
        {
            await Eventually.TrueAsync(
                async () =>
                {
                    await TidyAsync(cluster, workloads);
                    return (complaint = await ComplaintAsync(cluster, workloads, watchers)) is null;
                },
                "the world comes to rest",
                Patience);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"seed {seed}: {complaint}\n{(await ChaosWorld.LookAsync(cluster)).Summary()}");
        }
    }

    private static ChaosWorkload[] Workloads() =>
    [
        new("Deployment", "apps/v1", "deployments", "web-a"),
        new("Deployment", "apps/v1", "deployments", "web-b"),
        new("StatefulSet", "apps/v1", "statefulsets", "db-ordered"),
        new("StatefulSet", "apps/v1", "statefulsets", "db-parallel"),
        new("DaemonSet", "apps/v1", "daemonsets", "agent"),
        new("ReplicaSet", "apps/v1", "replicasets", "bare"),
        new("ReplicationController", "v1", "replicationcontrollers", "old"),
        new("Job", "batch/v1", "jobs", "work"),
        new("Job", "batch/v1", "jobs", "work-indexed"),
        new("CronJob", "batch/v1", "cronjobs", "tick"),
        new("PersistentVolumeClaim", "v1", "persistentvolumeclaims", "scratch"),
    ];

    private static async Task StepAsync(SimulatedCluster cluster, ChaosWorkload workload, Random random)
    {
        int choice = random.Next(100);
        switch (choice)
        {
            case < 25 when workload.HasReplicas:
                workload.Replicas = random.Next(5);
                await PatchAsync(cluster, workload, new JsonObject { ["spec"] = new JsonObject { ["replicas"] = workload.Replicas } });
                break;
            case < 50 when workload.CanRoll:
                // A small number of images, so that half of the time it is an undo.
                workload.Image = random.Next(1, 4);
                await PatchAsync(cluster, workload, workload.Template());
                break;
            case < 60 when workload.Kind == "Deployment":
                workload.IsPaused = !workload.IsPaused;
                await PatchAsync(cluster, workload, new JsonObject { ["spec"] = new JsonObject { ["paused"] = workload.IsPaused } });
                break;
            case < 60 when workload.Kind == "CronJob":
                await StepAsync(cluster, workload, random.Next(3), random);
                break;
            case < 72:
                string policy = random.Next(3) switch { 0 => "Foreground", 1 when workload.CanOrphan => "Orphan", _ => "Background" };
                await cluster.SendAsync(HttpMethod.Delete, $"{workload.Path}?propagationPolicy={policy}");
                break;
            case < 85:
                await DeletePodAsync(cluster, random);
                break;
            case < 88:
                await cluster.KillAsync();
                await cluster.StartAsync();
                break;
            default:
                await PutAsync(cluster, workload);
                break;
        }
    }

    /// <summary>What is done to a CronJob: a Job of it by hand, another concurrency policy, suspension or its end.</summary>
    private static async Task StepAsync(SimulatedCluster cluster, ChaosWorkload workload, int choice, Random random)
    {
        switch (choice)
        {
            case 0 when await cluster.SendAsync(HttpMethod.Get, workload.Path) is { } found:
                await cluster.SendAsync(HttpMethod.Post, Jobs, workload.ManualJob(found, random.Next()));
                break;
            case 1:
                workload.Concurrency = random.Next(3) switch { 0 => "Allow", 1 => "Forbid", _ => "Replace" };
                await PatchAsync(
                    cluster, workload, new JsonObject { ["spec"] = new JsonObject { ["concurrencyPolicy"] = workload.Concurrency } });
                break;
            default:
                workload.IsPaused = !workload.IsPaused;
                await PatchAsync(cluster, workload, new JsonObject { ["spec"] = new JsonObject { ["suspend"] = workload.IsPaused } });
                break;
        }
    }

    private static async Task DeletePodAsync(SimulatedCluster cluster, Random random)
    {
        IReadOnlyList<JsonObject> pods = await cluster.ListAsync(Pods);
        if (pods.Count > 0)
        {
            string name = pods[random.Next(pods.Count)].TextOrEmpty("metadata", "name");
            await cluster.SendAsync(HttpMethod.Delete, $"{Pods}/{name}{(random.Next(2) == 0 ? "?gracePeriodSeconds=0" : "")}");
        }
    }

    private static async Task PatchAsync(SimulatedCluster cluster, ChaosWorkload workload, JsonObject patch)
    {
        if (await cluster.SendAsync(HttpMethod.Patch, workload.Path, patch) is null)
        {
            await PutAsync(cluster, workload);
        }
    }

    /// <summary>Makes the object as it should be, or changes it to that.</summary>
    private static async Task PutAsync(SimulatedCluster cluster, ChaosWorkload workload)
    {
        if (await cluster.SendAsync(HttpMethod.Get, workload.Path) is null)
        {
            await cluster.SendAsync(HttpMethod.Post, workload.Collection, workload.Body());
        }
        else if (!workload.IsFixed)
        {
            await cluster.SendAsync(HttpMethod.Patch, workload.Path, new JsonObject
            {
                ["spec"] = workload.Body()["spec"]?.DeepClone(),
            });
            if (workload.Kind == "Deployment")
            {
                await cluster.SendAsync(
                    HttpMethod.Patch, workload.Path, new JsonObject { ["spec"] = new JsonObject { ["paused"] = workload.IsPaused } });
            }
        }
    }

    /// <summary>
    /// What a user does after the trouble: makes what was on its way out when it was last put, and removes pods whose jobs were lost (the
    /// simulated cluster forgets them with each kill), so that nothing waits for the back-off that such failures bring.
    /// </summary>
    private static async Task TidyAsync(SimulatedCluster cluster, ChaosWorkload[] workloads)
    {
        foreach (ChaosWorkload workload in workloads)
        {
            JsonObject? found = await cluster.SendAsync(HttpMethod.Get, workload.Path);
            if (found is null)
            {
                await PutAsync(cluster, workload);
            }
            else if (workload.Kind == "Job" && found.Integer("status", "failed") > 0 && !found.Has("metadata", "deletionTimestamp")
                && !found.Has("status", "completionTime"))
            {
                await cluster.SendAsync(HttpMethod.Delete, $"{workload.Path}?propagationPolicy=Background");
            }
        }

        foreach (JsonObject pod in await cluster.ListAsync(Pods))
        {
            string owner = pod.Objects("metadata", "ownerReferences").FirstOrDefault().TextOrEmpty("kind");
            if (pod.Text("status", "phase") == "Failed" && owner != "Job" && !pod.Has("metadata", "deletionTimestamp"))
            {
                await cluster.SendAsync(HttpMethod.Delete, $"{Pods}/{pod.TextOrEmpty("metadata", "name")}");
            }
        }
    }

    private static async Task<string?> ComplaintAsync(SimulatedCluster cluster, ChaosWorkload[] workloads, ChaosWatchers watchers)
    {
        var world = await ChaosWorld.LookAsync(cluster);
        HashSet<string> roots = new(StringComparer.Ordinal);
        foreach (ChaosWorkload workload in workloads)
        {
            JsonObject? found = await cluster.SendAsync(HttpMethod.Get, workload.Path);
            if (workload.Complaint(found, world) is { } complaint)
            {
                return complaint;
            }

            roots.Add(found.TextOrEmpty("metadata", "uid"));
        }

        return world.Stray(roots, workloads.Select(workload => workload.Name).ToHashSet(StringComparer.Ordinal))
            ?? await watchers.ComplaintAsync(cluster, world);
    }
}
