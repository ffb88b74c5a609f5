using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using MiniPlane.Agent.Images;
using MiniPlane.Agent.Pods;
using MiniPlane.Agent.Runtime;
using MiniPlane.Agent.Volumes;
using MiniPlane.Testing;

namespace MiniPlane.Agent.Tests.Fakes;

/// <summary>The parts of a pod around a container that has not started, with a clock that moves when told.</summary>
internal sealed class WaitingPod : IPodReporter
{
    private readonly ConcurrentQueue<string> _events = new();
    private PodServices? _services;

    public static DateTimeOffset Start { get; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public ManualTime Time { get; } = new(Start);

    public string EventText => string.Concat(_events.Select(text => text + "\n"));

    /// <summary>What the container main waits for.</summary>
    public (string Reason, string Message) Waiting =>
        _services?.Board.Get("main").State is ContainerState.Waiting waiting ? (waiting.Reason, waiting.Message) : default;

    public PodServices Services(IImageStore images)
    {
        PodContext context = Contexts.Make("""
            {"containers":[{"name":"main","image":"x"}]}
            """);
        PodDirectories directories = new() { Pod = "/nowhere", Local = "/nowhere", Memory = "/nowhere" };
        _services = new PodServices
        {
            Context = context,
            Directories = directories,
            Volumes = new PodVolumes(context, directories, Time),
            Board = new PodBoard(context, this, PodRunner.InitialStatus(context.Pod, _ => 0, Start), Start),
            Reporter = this,
            Runtime = new HostRuntime(new LaunchThread()),
            Images = images,
            SiteMounts = [],
            Stop = new PodStop(Time),
            Time = Time,
            Logger = NullLogger.Instance,
        };
        return _services;
    }

    public void Report(ReadOnlyMemory<byte> statusJson)
    {
        // The board is looked at itself.
    }

    public void Event(string type, string reason, string message, string fieldPath) => _events.Enqueue($"{reason}: {message}");
}
