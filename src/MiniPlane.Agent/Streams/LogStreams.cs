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

        int run = RunOf(services, services.Board.Get(request.Container), request.Previous);
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

    // kubelet's validateContainerLogStatus: of a container that waits to start again, the log and the previous one are the last run's.
    private static int RunOf(PodServices services, ContainerStatus status, bool previous)
    {
        string who = $"container \"{status.Name}\" in pod \"{services.Context.Pod.Metadata.Name}\"";
        if (previous && status.LastState is null)
        {
            throw new StreamException(400, $"previous terminated {who} not found");
        }

        return status.State switch
        {
            ContainerState.Waiting waiting when status.LastState is null =>
                throw new StreamException(400, $"{who} is waiting to start: {waiting.Reason}"),
            ContainerState.Waiting => LogFiles.Runs(services.Directories.Pod, status.Name) is [.., var last] ? last : status.RestartCount,
            _ => previous ? Math.Max(0, status.RestartCount - 1) : status.RestartCount,
        };
    }
}
