using System.Text.Json;
using Microsoft.Extensions.Logging;
using MiniPlane.Agent.Images;
using MiniPlane.Agent.Pods;
using MiniPlane.Agent.Runtime;
using MiniPlane.Agent.Streams;
using MiniPlane.Agent.Views;
using MiniPlane.Agent.Volumes;
using MiniPlane.Objects.Loops;
using MiniPlane.Objects.Networking;
using MiniPlane.Wire.Agent;

namespace MiniPlane.Agent.Connection;

/// <summary>
/// The agent's whole life: wait for the pod, run it, report its end. It is also what the connection's messages act on.
/// </summary>
internal sealed partial class AgentHost(
    AgentConfiguration configuration, Outbox outbox, ILoggerFactory loggers, TimeProvider time) : IControlHandler, IDisposable
{
    private static readonly TimeSpan AssignmentLimit = TimeSpan.FromMinutes(15);

    // For the job: 128 and SIGTERM, which the control plane knows a time limit by, and jobs that depend on this one do not take for success.
    private const int CutShort = 143;

    private readonly ILogger<AgentHost> _logger = loggers.CreateLogger<AgentHost>();
    private readonly TaskCompletionSource<PodAssignment> _assignment = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PodObjects _objects = new();
    private readonly LaunchThread _launch = new();
    private HttpMessageInvoker? _registryHttp;
    private readonly PodStop _stop = new(time);

    private Foresight? _foresight;
    private PodServices? _services;
    private SifCache? _images;
    private PodRunner? _pod;
    private LiveFile? _hosts;
    private volatile Google.Protobuf.ByteString? _newestPod;
    private string _clusterHosts = "";

    /// <summary>The node's address, where this agent cannot see it: in a network of the pod's own.</summary>
    public string? HostIp { get; init; }

    /// <summary>Why the pod's network cannot be had, if it cannot.</summary>
    public string? NetworkTrouble { get; init; }

    /// <summary>Whether a container runs in what was begun before the pod was assigned.</summary>
    public bool UsedForesight => _foresight?.Sandbox.WasUsed ?? false;

    /// <summary>Whether the pod is another agent's by now, so that its files are, too.</summary>
    public bool IsSuperseded { get; private set; }

    /// <summary>Says hello for this node.</summary>
    public Hello SayHello() => new()
    {
        PodUid = configuration.PodUid,
        AgentVersion = typeof(AgentHost).Assembly.GetName().Version?.ToString(3) ?? "",
        HostName = Environment.MachineName,
        HostIp = HostIp ?? NodeAddress.Find(configuration.Endpoints),
        JobId = Environment.GetEnvironmentVariable("SLURM_JOB_ID") ?? "",
        Runtime = _services?.Runtime.Name ?? "",
        RuntimeVersion = _services?.Runtime.Version ?? "",
        JobRestarts = JobTasks.Restarts,
        LastStatusSequence = outbox.LastSequence,
        StreamWindow = StreamCredit.DefaultWindow,
    };

    /// <summary>Begins what can be begun before the pod is assigned. It takes longest, so it comes before the connection.</summary>
    public void Foresee() => _foresight = NetworkTrouble is null ? Foresight.Begin(configuration, _launch, time) : null;

    /// <summary>Runs the pod to its end. The exit code is for the job: 0 when the pod succeeded.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await RunPodAsync(cancellationToken);
        }
        finally
        {
            if (_foresight is not null)
            {
                await _foresight.DisposeAsync();
            }
        }
    }

    private async Task<int> RunPodAsync(CancellationToken cancellationToken)
    {
        PodAssignment assignment;
        try
        {
            using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stop.Requested);
            assignment = await _assignment.Task.WaitAsync(AssignmentLimit, time, waiting.Token);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            LogNoPod(_logger, exception.Message);
            return 1;
        }

        // Every stream of a container blocks a thread of the pool now and then. Before there is one, more threads are only more to start.
        ThreadPool.SetMinThreads(32, 32);
        PodView pod = JsonSerializer.Deserialize(assignment.PodJson.Span, PodJson.Default.PodView)
            ?? throw new JsonException("the pod is empty");
        LogPod(_logger, pod.Metadata.Namespace, pod.Metadata.Name);
        PodDirectories directories = _foresight?.Directories
            ?? PodDirectories.Create(configuration.PodDirectory, configuration.PodUid, configuration.Settings.LocalDirectory);
        try
        {
            if (NetworkTrouble is { } trouble)
            {
                return Fail(pod, "PodNetworkFailed", trouble);
            }

            PodContext context = MakeContext(pod, assignment);
            IContainerRuntime runtime = RuntimeChoice.Make(pod, configuration.Settings, assignment.Site, _launch, time);
            (runtime as ApptainerRuntime)?.Early = _foresight?.Sandbox;
            WriteNetworkFiles(context, directories);
            _services = MakeServices(context, directories, runtime, assignment);
            _pod = new PodRunner(_services);
            using UsageLoop usage = new(_pod, outbox, _logger, time);
            Follow(_newestPod ?? assignment.PodJson);
            await usage.StartAsync(cancellationToken);
            await _pod.RunAsync(cancellationToken);
            await usage.StopAsync(CancellationToken.None);
            return _stop.IsCutShort ? CutShort : PhaseOf(outbox.NewestStatus) == "Succeeded" ? 0 : 1;
        }
        catch (RuntimeMissingException exception)
        {
            return Fail(pod, "RuntimeMissing", exception.Message);
        }
        finally
        {
            _pod?.Dispose();
            _services?.Volumes.Dispose();
            _images?.Dispose();
            directories.RemoveLocal();
        }
    }

    private int Fail(PodView pod, string reason, string message)
    {
        outbox.Event("Warning", "FailedCreatePodSandBox", message, "");
        outbox.Report(RuntimeChoice.FailedStatus(pod, reason, message, time.GetUtcNow()));
        return 1;
    }

    /// <summary>Ends the pod because the job is about to end. A pod that may be restarted is told as not over: Slurm knows what comes.</summary>
    public void Terminate(string reason) => Terminate(reason, _services?.Context.Pod.Spec.RestartPolicy is "Always" or "OnFailure", isCutShort: true);

    private void Terminate(string reason, bool isInterruption, bool isCutShort)
    {
        LogStop(_logger, reason);
        long seconds = _services?.Context.Pod.Spec.TerminationGracePeriodSeconds ?? 30;
        _stop.Request(Durations.Seconds(seconds), reason, isInterruption, isCutShort);
    }

    public async ValueTask AssignAsync(PodAssignment assignment, CancellationToken cancellationToken)
    {
        foreach (NamedObject known in assignment.Objects)
        {
            _objects.Set(known);
        }

        foreach (ServiceAccountToken token in assignment.Tokens)
        {
            _objects.Set(token);
        }

        _clusterHosts = assignment.HostsFile.ToStringUtf8();
        _newestPod = assignment.PodJson;
        if (!_assignment.TrySetResult(assignment))
        {
            SetHosts(assignment.HostsFile.Memory);
            Follow(assignment.PodJson);
            await RefreshAsync(cancellationToken);
        }
    }

    public ValueTask ChangeAsync(NamedObject change, CancellationToken cancellationToken)
    {
        _objects.Set(change);
        return RefreshAsync(cancellationToken);
    }

    public ValueTask RenewAsync(ServiceAccountToken token, CancellationToken cancellationToken)
    {
        _objects.Set(token);
        return RefreshAsync(cancellationToken);
    }

    public void SetHosts(ReadOnlyMemory<byte> hostsFile)
    {
        _clusterHosts = System.Text.Encoding.UTF8.GetString(hostsFile.Span);
        if (_services is { } services)
        {
            _hosts?.Write(NetworkFiles.Hosts(services.Context, _clusterHosts));
        }
    }

    public void Stop(StopPod stop)
    {
        LogStop(_logger, stop.Reason);
        _stop.Request(Durations.Seconds(stop.GracePeriodSeconds), stop.Reason);
    }

    public void Disown(string reason) => Terminate(reason, isInterruption: false, isCutShort: false);

    public void Supersede(string reason)
    {
        LogStop(_logger, reason);
        IsSuperseded = true;
        _stop.Request(TimeSpan.Zero, reason, isInterruption: true);
    }

    public Task ServeAsync(OpenStream request, PodStream stream, CancellationToken cancellationToken)
    {
        if (_services is not { } services || _pod is not { } pod)
        {
            throw new StreamException(400, "the pod has not started yet");
        }

        return request.RequestCase switch
        {
            OpenStream.RequestOneofCase.Log => LogStreams.ServeAsync(services, pod, request.Log, stream, cancellationToken),
            OpenStream.RequestOneofCase.Exec => ExecStreams.ExecAsync(services, pod, request.Exec, stream, cancellationToken),
            OpenStream.RequestOneofCase.Attach => ExecStreams.AttachAsync(services, pod, request.Attach, stream, cancellationToken),
            OpenStream.RequestOneofCase.PortForward =>
                PortForwards.ServeAsync(services.Context.PodIp, request.PortForward.Port, stream, cancellationToken),
            _ => throw new StreamException(400, "this agent does not know such a stream"),
        };
    }

    public void Dispose()
    {
        _stop.Dispose();
        _launch.Dispose();
        _registryHttp?.Dispose();
    }

    /// <summary>The parts of a pod that may change while it runs: labels and annotations for its files, containers to look at it.</summary>
    private void Follow(Google.Protobuf.ByteString podJson)
    {
        if (_services is not { } services || _pod is not { } pod || JsonSerializer.Deserialize(podJson.Span, PodJson.Default.PodView) is not { } now)
        {
            return;
        }

        services.Context.Pod.Metadata = now.Metadata;
        services.Context.Pod.Spec.EphemeralContainers = now.Spec.EphemeralContainers;
        pod.Add(now.Spec.EphemeralContainers, CancellationToken.None);
    }

    private static string PhaseOf(ReadOnlyMemory<byte> status)
    {
        using var json = JsonDocument.Parse(status);
        return json.RootElement.GetProperty("phase").GetString() ?? "";
    }

    private ValueTask RefreshAsync(CancellationToken cancellationToken) =>
        _services?.Volumes.RefreshAsync(cancellationToken) ?? ValueTask.CompletedTask;

    private PodContext MakeContext(PodView pod, PodAssignment assignment)
    {
        string ownIp = NodeAddress.Find(configuration.Endpoints);
        if (pod.Spec.NodeName.Length == 0)
        {
            pod.Spec.NodeName = configuration.Settings.NodeName ?? "";
        }

        return new PodContext
        {
            Pod = pod,
            Objects = _objects,
            ServiceEnvironment = assignment.ServiceEnvironment,
            HostIp = HostIp ?? ownIp,
            PodIp = assignment.PodIp.Length > 0 && HostIp is null ? assignment.PodIp : ownIp,
            ClusterDomain = assignment.Site?.ClusterDomain is { Length: > 0 } domain ? domain : "cluster.local",
            DnsServer = assignment.Site?.DnsServer ?? "",
            Capacity = NodeCapacity.Find(),
        };
    }

    private void WriteNetworkFiles(PodContext context, PodDirectories directories)
    {
        string resolv = File.Exists("/etc/resolv.conf") ? File.ReadAllText("/etc/resolv.conf") : "";
        new LiveFile(Path.Combine(directories.Files, "resolv.conf")).Write(NetworkFiles.Resolv(context, resolv));
        _hosts = new LiveFile(Path.Combine(directories.Files, "hosts"));
        _hosts.Write(NetworkFiles.Hosts(context, _clusterHosts));
    }

    private PodServices MakeServices(
        PodContext context, PodDirectories directories, IContainerRuntime runtime, PodAssignment assignment)
    {
        SiteSettings site = assignment.Site ?? new SiteSettings();
        RegistryPolicy policy = new()
        {
            Insecure = [.. site.InsecureRegistries],
            Mirrors = new Dictionary<string, string>(site.RegistryMirrors, StringComparer.Ordinal),
            Authorities = site.RegistryAuthorities,
        };
        string apptainer = site.Apptainer.Length > 0 ? site.Apptainer : "apptainer";
        IReadOnlyList<ContainerStatus> initial = PodRunner.InitialStatus(
            context.Pod, name => Wire.Logs.LogFiles.Runs(directories.Pod, name) is [.., var last] ? last + 1 : 0, time.GetUtcNow());
        _registryHttp = new HttpMessageInvoker(RegistryClient.Handler(HostTrust.Find(policy.Authorities)));
        PullLimits limits = new(site.ImageCacheBytes, site.ImagePulls);
        _images = new SifCache(RuntimeChoice.ImageCache(site, directories), apptainer, configuration.PodUid, new RegistryClient(_registryHttp, policy, time), limits, _logger, time);
        return new PodServices
        {
            Context = context,
            Directories = directories,
            Volumes = new PodVolumes(context, directories, time, runtime.UsesImages ? new ImageVolumes(_images, context) : null, outbox),
            Board = new PodBoard(context, outbox, initial, time.GetUtcNow(), _stop),
            Reporter = outbox,
            Runtime = runtime,
            Images = _images,
            SiteMounts = RuntimeChoice.SiteMounts(site),
            Stop = _stop,
            Time = time,
            Logger = _logger,
        };
    }

    [LoggerMessage(7002, LogLevel.Error, "No pod was assigned: {Message}")]
    private static partial void LogNoPod(ILogger logger, string message);

    [LoggerMessage(7003, LogLevel.Information, "Running pod {Namespace}/{Name}")]
    private static partial void LogPod(ILogger logger, string @namespace, string name);

    [LoggerMessage(7004, LogLevel.Information, "The pod is to end: {Reason}")]
    private static partial void LogStop(ILogger logger, string reason);
}
