using MiniPlane.Agent.Pods;
using MiniPlane.Wire.Agent;
using MiniPlane.Wire.Logs;

namespace MiniPlane.Agent.Streams;

/// <summary>kubectl logs.</summary>
internal static class LogStreams
{
    public static async Task ServeAsync(
        PodServices services, PodRunner pod, LogRequest request, PodStream stream, CancellationToken cancellationToken)
    {
        string podName = services.Context.Pod.Metadata.Name;
        if (pod.Find(request.Container) is not { } runner)
        {
            throw new StreamException(404, $"container {request.Container} is not valid for pod {podName}");
        }

        int run = RunOf(services.Board.Get(request.Container), request.Previous, podName);
        DateTimeOffset? since = request.HasSinceSeconds ? services.Time.GetUtcNow() - TimeSpan.FromSeconds(request.SinceSeconds)
            : request.HasSinceUnixNanos ? DateTimeOffset.UnixEpoch.AddTicks(request.SinceUnixNanos / 100)
            : null;
        LogSelection selection = new()
        {
            Timestamps = request.Timestamps,
            Since = since,
            TailLines = request.HasTailLines ? request.TailLines : null,
            LimitBytes = request.HasLimitBytes ? request.LimitBytes : null,
        };
        Func<bool>? hasEnded = request.Follow ? () => runner.Current?.Number != run : null;
        await foreach ((ReadOnlyMemory<byte> chunk, LogPlace next) in LogReader.ReadPlacesAsync(
            services.Directories.Pod, request.Container, run, selection, hasEnded, services.Time, cancellationToken))
        {
            LogPosition position = new() { File = next.File, Offset = next.Offset, InsideLine = next.IsInsideLine };
            await stream.SendAsync(PodStream.Stdout, chunk, position, cancellationToken);
        }
    }

    // kubelet's validateContainerLogStatus.
    private static int RunOf(ContainerStatus status, bool previous, string podName)
    {
        string who = $"container \"{status.Name}\" in pod \"{podName}\"";
        if (previous)
        {
            return status.LastState is null
                ? throw new StreamException(400, $"previous terminated {who} not found")
                : status.State is ContainerState.Waiting ? status.RestartCount : Math.Max(0, status.RestartCount - 1);
        }

        return status switch
        {
            { State: ContainerState.Waiting waiting, LastState: null } =>
                throw new StreamException(400, $"{who} is waiting to start: {waiting.Reason}"),
            _ => status.RestartCount,
        };
    }
}
