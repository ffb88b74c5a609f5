using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using MiniPlane.Objects.Documents;
using MiniPlane.Testing;
using MiniPlane.Testing.Cluster;
using MiniPlane.Wire.Agent;
using MiniPlane.Workloads.Addresses;
using MiniPlane.Workloads.Agents;
using MiniPlane.Workloads.Backends;
using MiniPlane.Workloads.Dispatch;
using MiniPlane.Workloads.Nodes;
using MiniPlane.Workloads.Status;

namespace MiniPlane.Workloads.Tests.Dispatch;

/// <summary>The dispatching parts around a cluster in memory, worked by hand: no loops, no waiting.</summary>
internal sealed class Rig : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("miniplane-workloads-");
    private readonly PodWatcher _watcher;
    private readonly WorkloadDispatcher _dispatcher;
    private readonly JobPoller _poller;
    private readonly NodeRegistry _registry = new();

    public Rig(IWorkloadBackend backend, ManualTime? time = null, FakeCluster? cluster = null, string? dataDirectory = null, Workloads.Site.SiteSettings? site = null, string endpoint = "https://127.0.0.1:6443")
    {
        Time = time ?? new ManualTime();
        Cluster = cluster ?? MakeCluster(Time);
        Options = new WorkloadsOptions
        {
            DataDirectory = dataDirectory ?? _directory.FullName,
            ClusterId = "c1",
            Endpoints = [endpoint],
            CaCertificatePem = "PEM",
            PodNetwork = PodNetworkMode.Loopback,
            Site = site ?? Workloads.Site.SiteSettings.Default,
        };
        Kinds = new ClusterKinds(Cluster);
        WorkloadsOptions options = Options;
        ClusterKinds kinds = Kinds;
        Files = new PodFiles(options);
        var logs = new KeptLogs(options, NullLogger<KeptLogs>.Instance, Time);
        Board = new JobBoard(Time);
        Addresses = new PodAddresses(backend, options);
        var statuses = new PodStatusWriter(Cluster, kinds);
        var events = new PodEvents(Cluster, kinds, NullLogger<PodEvents>.Instance, Time);
        var gate = new SubmissionGate(options, Time);
        var submission = new PodSubmission(
            backend, Cluster, kinds, Board, Files, Addresses, statuses, events, gate, new ArrayGatherer(backend, gate, Time), new JobQuota(Board, Ledger, options), options, NullLogger<PodSubmission>.Instance, Time);
        var following = new PodFollowing(backend, Board, Hub, Files, statuses, events, NullLogger<PodFollowing>.Instance, Time);
        var ending = new PodEnding(backend, Cluster, kinds, following, statuses, Hub, Ledger, Files, logs, Addresses, Board, Usage, Time);
        Queue = new DelayedQueue(Time);
        var reconciler = new PodReconciler(submission, following, ending, Addresses);
        _dispatcher = new WorkloadDispatcher(Queue, Ledger, reconciler, options, NullLogger<WorkloadDispatcher>.Instance, Time);
        _watcher = new PodWatcher(Cluster, kinds, _registry, Ledger, Queue, NullLogger<PodWatcher>.Instance, Time);
        _poller = new JobPoller(backend, Board, Ledger, Queue, gate, new LeftoverFiles(Files, logs, Ledger, NullLogger<LeftoverFiles>.Instance, Time), options, NullLogger<JobPoller>.Instance, Time);
        _registry.Show(new Dictionary<string, PartitionInfo>(StringComparer.Ordinal) { ["batch"] = new PartitionInfo { Name = "batch" } });
    }

    public WorkloadsOptions Options { get; }

    public ClusterKinds Kinds { get; }

    public ManualTime Time { get; }

    public FakeCluster Cluster { get; }

    public PodFiles Files { get; }

    public PodAddresses Addresses { get; }

    public JobBoard Board { get; }

    public AgentHub Hub { get; } = new();

    public PodLedger Ledger { get; } = new();

    public JobPoller Poller => _poller;

    public DelayedQueue Queue { get; }

    public JobUsageQueue Usage { get; } = new();

    public IEnumerable<string> Events => Cluster.All("Event").Select(document => document.ToJson().TextOrEmpty("reason"));

    public static FakeCluster MakeCluster(TimeProvider time)
    {
        var cluster = new FakeCluster(time);
        cluster.Kinds.Add(FakeCatalogue.Make("", "Secret", "secrets", isNamespaced: true));
        cluster.Kinds.Add(FakeCatalogue.Make("", "PersistentVolumeClaim", "persistentvolumeclaims", isNamespaced: true, "status"));
        cluster.Kinds.Add(FakeCatalogue.Make("", "PersistentVolume", "persistentvolumes", isNamespaced: false, "status"));
        cluster.Kinds.Add(FakeCatalogue.Make("coordination.k8s.io", "Lease", "leases", isNamespaced: true));
        return cluster;
    }

    public async Task<string> CreatePodAsync(string name = "p", string restartPolicy = "Never", string annotation = "")
    {
        JsonObject pod = Yaml.Load(
            $$"""
            apiVersion: v1
            kind: Pod
            metadata: {name: {{name}}, namespace: default}
            spec:
              nodeName: batch
              restartPolicy: {{restartPolicy}}
              containers: [{name: a, image: busybox}]
            """);
        if (annotation.Length > 0)
        {
            pod.Ensure("metadata", "annotations")["slurm.miniplane.io/flags"] = annotation;
        }

        return (await Cluster.CreateAsync(Cluster.Kind("Pod"), pod, default)).Metadata.Uid;
    }

    /// <summary>A connection of the pod's agent, over which nothing is said.</summary>
    public void Connect(string uid)
    {
        var hello = new Hello { PodUid = uid, HostName = "node1", JobId = "101" };
        Hub.TryAdd(new AgentSession(uid, new ObjectKey("default", "p"), hello, new HashSet<(string, string)>(), duplex: null!, new CancellationTokenSource(), Time));
    }

    public JsonObject Pod(string name = "p") => Cluster.Find("Pod", "default", name)!.ToJson();

    /// <summary>Sees the pods, polls the backend, and works on every pod that is due, a few times over.</summary>
    public async Task RoundAsync()
    {
        for (int i = 0; i < 3; i++)
        {
            await _watcher.ListAsync(default);
            await _poller.PollAsync(Time.GetUtcNow(), default);
            foreach (string uid in Ledger.All.Select(entry => entry.Uid).ToArray())
            {
                await _dispatcher.WorkAsync(uid, default);
            }

            Time.Advance(TimeSpan.FromMilliseconds(1));
        }
    }

    public Task PollAsync() => _poller.PollAsync(Time.GetUtcNow(), default);

    /// <summary>Takes from the queue what is due now.</summary>
    public async Task<IReadOnlyList<string>> TakeDueAsync()
    {
        List<string> due = [];
        using var enough = new CancellationTokenSource();
        while (true)
        {
            Task<string> next = Queue.TakeAsync(enough.Token).AsTask();
            if (!next.IsCompleted)
            {
                await enough.CancelAsync();
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
                return due;
            }

            due.Add(await next);
            Queue.Done(due[^1]);
        }
    }

    public async Task PassAsync(TimeSpan time)
    {
        Time.Advance(time);
        await RoundAsync();
    }

    public void Dispose()
    {
        _watcher.Dispose();
        _dispatcher.Dispose();
        _poller.Dispose();
        Addresses.Dispose();
        _registry.Dispose();
        _directory.Delete(recursive: true);
    }
}
