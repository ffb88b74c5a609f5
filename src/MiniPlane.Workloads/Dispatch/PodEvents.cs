using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.Workloads.Dispatch;

/// <summary>
/// Writes Events about pods and nodes. The same event again counts up the first one (client-go's event correlator does so
/// too). An Event that cannot be written is only logged.
/// </summary>
internal sealed partial class PodEvents(IClusterClient cluster, ClusterKinds kinds, ILogger<PodEvents> logger, TimeProvider time)
{
    private const int MostRemembered = 4096;
    private const int LongestMessage = 1024;

    private readonly ConcurrentDictionary<string, (ObjectKey Key, int Count)> _written = new(StringComparer.Ordinal);

    public ValueTask NormalAsync(ObjectDocument pod, string reason, string message, CancellationToken cancellationToken) =>
        WriteAsync(pod, new PodEvent("Normal", reason, message), cancellationToken);

    public ValueTask WarningAsync(ObjectDocument pod, string reason, string message, CancellationToken cancellationToken) =>
        WriteAsync(pod, new PodEvent("Warning", reason, message), cancellationToken);

    public async ValueTask WriteAsync(ObjectDocument pod, PodEvent what, CancellationToken cancellationToken)
    {
        string message = what.Message.Length <= LongestMessage ? what.Message : what.Message[..LongestMessage];
        string same = $"{pod.Metadata.Uid}/{what.Type}/{what.Reason}/{what.FieldPath}/{message}";
        try
        {
            if (_written.TryGetValue(same, out (ObjectKey Key, int Count) known)
                && await TryCountUpAsync(known.Key, known.Count + 1, cancellationToken))
            {
                _written[same] = (known.Key, known.Count + 1);
                return;
            }

            ObjectDocument written = await cluster.CreateAsync(kinds.Events, ToEvent(pod, what, message), cancellationToken);
            if (_written.Count > MostRemembered)
            {
                _written.Clear();
            }

            _written[same] = (written.Key, 1);
        }
        catch (ApiException exception)
        {
            LogLost(logger, what.Reason, pod.Key.ToString(), exception.Message);
        }
    }

    private async ValueTask<bool> TryCountUpAsync(ObjectKey key, int count, CancellationToken cancellationToken)
    {
        var patch = new JsonObject { ["count"] = count, ["lastTimestamp"] = Now() };
        try
        {
            await cluster.PatchAsync(kinds.Events, key, PatchType.Merge, patch, null, cancellationToken);
            return true;
        }
        catch (ApiException exception) when (exception.Reason == "NotFound")
        {
            return false;
        }
    }

    private JsonObject ToEvent(ObjectDocument pod, PodEvent what, string message)
    {
        string now = Now();
        string suffix = time.GetUtcNow().UtcTicks.ToString("x", CultureInfo.InvariantCulture);
        return new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Event",
            ["metadata"] = new JsonObject
            {
                ["name"] = $"{pod.Metadata.Name}.{suffix}{Interlocked.Increment(ref _counter) & 0xfff:x3}",
                ["namespace"] = pod.Metadata.Namespace,
            },
            ["involvedObject"] = new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "Pod",
                ["name"] = pod.Metadata.Name,
                ["namespace"] = pod.Metadata.Namespace,
                ["uid"] = pod.Metadata.Uid,
                ["resourceVersion"] = pod.ResourceVersion,
                ["fieldPath"] = what.FieldPath.Length > 0 ? what.FieldPath : null,
            },
            ["type"] = what.Type,
            ["reason"] = what.Reason,
            ["message"] = message,
            ["source"] = new JsonObject { ["component"] = what.Component },
            ["firstTimestamp"] = now,
            ["lastTimestamp"] = now,
            ["count"] = 1,
            ["reportingComponent"] = what.Component,
            ["reportingInstance"] = "",
        };
    }

    private string Now() => KubeTime.Format(time.GetUtcNow());

    private int _counter;

    [LoggerMessage(5010, LogLevel.Warning, "Event {Reason} of pod {Pod} was not written: {Message}")]
    private static partial void LogLost(ILogger logger, string reason, string pod, string message);
}
