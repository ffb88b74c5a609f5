using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using MiniPlane.Controllers.Runtime;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Testing;
using MiniPlane.Testing.Cluster;

namespace MiniPlane.Controllers.Tests;

/// <summary>Controllers running against a cluster in memory, on a clock that the test moves.</summary>
internal sealed class ControllerRig : IAsyncDisposable
{
    private readonly Informers _informers;
    private readonly EventRecorder _events;
    private ControllerHost? _host;

    public ControllerRig()
    {
        Cluster = new FakeCluster(Time);
        _informers = new Informers(Cluster, NullLogger<Informer>.Instance, Time);
        _events = new EventRecorder(Cluster, NullLogger<EventRecorder>.Instance, Time);
        Context = new ClusterContext(Cluster, _informers, _events, Time);
    }

    public ManualTime Time { get; } = new();

    public FakeCluster Cluster { get; }

    public ClusterContext Context { get; }

    /// <summary>Starts the controllers; the rig stops them at its end.</summary>
    public async Task StartAsync(params Func<ClusterContext, IController>[] controllers)
    {
        _host = new ControllerHost(Context, controllers.Select(make => make(Context)), NullLoggerFactory.Instance);
        await _host.StartAsync(CancellationToken.None);
    }

    /// <summary>Creates an object and waits until the controllers can see it, so that what a test creates next meets it.</summary>
    public async Task<ObjectDocument> CreateAsync(string kind, JsonObject body)
    {
        ObjectDocument created = await Cluster.CreateAsync(Cluster.Kind(kind), body, CancellationToken.None);
        if (_host is not null && _informers.Find(Cluster.Kind(kind)) is { } informer)
        {
            await UntilAsync(() => informer.Revision >= created.Revision, $"the controllers see the {kind} {created.Metadata.Name}");
        }

        return created;
    }

    public async Task DeleteAsync(string kind, string @namespace, string name, string? policy = null, long? grace = null) =>
        await Cluster.DeleteAsync(
            Cluster.Kind(kind),
            new ObjectKey(@namespace, name),
            new DeleteQuery { PropagationPolicy = policy, GracePeriodSeconds = grace },
            CancellationToken.None);

    /// <summary>Waits until a condition holds, with the names of all writes in the message if it never does.</summary>
    public async Task UntilAsync(Func<bool> condition, string because)
    {
        try
        {
            await Eventually.TrueAsync(condition, because, TimeSpan.FromSeconds(30));
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException(exception.Message + "\n" + string.Join('\n', Cluster.Writes), exception);
        }
    }

    /// <summary>Plays the kubelet once: starts pods that are new and ends pods that are being deleted.</summary>
    public void StepPods(Func<ObjectDocument, bool>? becomesReady = null)
    {
        foreach (ObjectDocument pod in Cluster.All("Pod"))
        {
            if (pod.Metadata.IsBeingDeleted)
            {
                TryEdit(pod, json =>
                {
                    json.Ensure("metadata")["deletionGracePeriodSeconds"] = 0;
                    if (json.Text("status", "phase") is "Running" or "Pending")
                    {
                        json.Ensure("status")["phase"] = "Failed";
                    }
                });
            }
            else if (pod.ToJson().Text("status", "phase") == "Pending" && (becomesReady?.Invoke(pod) ?? true))
            {
                SetReady(pod.Metadata.Name);
            }
        }
    }

    public void SetReady(string pod, bool isReady = true) => Cluster.Edit("Pod", "default", pod, json =>
    {
        json.Ensure("spec").Default("nodeName", "debug");
        json["status"] = JsonNode.Parse($$"""
            { "phase": "Running", "podIP": "10.0.0.{{pod.Length}}",
              "conditions": [ { "type": "Ready", "status": "{{isReady}}", "lastTransitionTime": "{{ApiTime.Format(Time.GetUtcNow())}}" } ] }
            """);
    });

    /// <summary>Ends a pod's containers.</summary>
    public void Finish(string pod, string phase) => Cluster.Edit("Pod", "default", pod, json =>
    {
        json.Ensure("spec").Default("nodeName", "debug");
        json["status"] = JsonNode.Parse($$"""
            { "phase": "{{phase}}",
              "containerStatuses": [ { "name": "app", "state": { "terminated": { "finishedAt": "{{ApiTime.Format(Time.GetUtcNow())}}" } } } ] }
            """);
    });

    public JsonObject Status(string kind, string name) =>
        Cluster.Find(kind, "default", name)?.ToJson().Object("status") ?? [];

    public JsonObject? Condition(string kind, string name, string type) =>
        Status(kind, name).Objects("conditions").FirstOrDefault(condition => condition.Text("type") == type);

    public IEnumerable<string> EventLines(string reason) => Cluster.All("Event").Select(document => document.ToJson())
        .Where(json => json.Text("reason") == reason).Select(json => json.TextOrEmpty("message"));

    private bool IsCurrent(Informer informer) =>
        informer.All().Select(document => (document.Key, document.Revision)).ToHashSet()
            .SetEquals(Cluster.All(informer.Kind.Kind).Select(document => (document.Key, document.Revision)));

    private void TryEdit(ObjectDocument document, Action<JsonObject> edit)
    {
        if (Cluster.Find("Pod", document.Metadata.Namespace, document.Metadata.Name) is not null)
        {
            Cluster.Edit("Pod", document.Metadata.Namespace, document.Metadata.Name, edit);
        }
    }

    /// <summary>
    /// Waits until the controllers have seen every write, every queue is empty and both stay so over a few turns, so that "nothing
    /// happened" can be asserted, and what comes next is decided on the state that the test made.
    /// </summary>
    public async Task SettleAsync()
    {
        int quiet = 0;
        int writes = -1;
        await UntilAsync(
            () =>
            {
                int now = Cluster.Writes.Count;
                quiet = _host?.Pending == 0 && now == writes && _informers.All.All(IsCurrent) ? quiet + 1 : 0;
                writes = now;
                return quiet >= 6;
            },
            "the controllers come to rest");
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.StopAsync(CancellationToken.None);
            _host.Dispose();
        }

        _events.Dispose();
        _informers.Dispose();
    }
}
