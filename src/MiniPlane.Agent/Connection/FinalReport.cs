using MiniPlane.Wire.Agent;

namespace MiniPlane.Agent.Connection;

/// <summary>The agent's last act: its last status in a file, and a while for the control plane to take it over the stream.</summary>
internal static class FinalReport
{
    /// <summary>Returns when everything was acknowledged, or after the limit. The file stays in any case.</summary>
    public static async Task DeliverAsync(
        AgentConfiguration configuration, Outbox outbox, TimeProvider time, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> status = outbox.NewestStatus;
        if (status.IsEmpty)
        {
            return;
        }

        string path = Path.Combine(configuration.PodDirectory, "status.json");
        string partial = $"{path}.partial";
        await File.WriteAllBytesAsync(partial, status, cancellationToken);
        File.Move(partial, path, overwrite: true);

        long started = time.GetTimestamp();
        var limit = TimeSpan.FromSeconds(configuration.Settings.FinalReportSeconds);
        while (!outbox.IsEverythingAcknowledged)
        {
            TimeSpan left = limit - time.GetElapsedTime(started);
            if (left <= TimeSpan.Zero)
            {
                return;
            }

            // Events have no acknowledgement of their own, so the queue is looked at again soon.
            Task changed = outbox.ChangedAsync();
            await Task.WhenAny(changed, Task.Delay(TimeSpan.FromMilliseconds(Math.Min(200, left.TotalMilliseconds)), time, cancellationToken));
        }
    }
}
