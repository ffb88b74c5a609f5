using Microsoft.Extensions.Logging;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;
using MiniPlane.Objects.Loops;
using MiniPlane.Wire.Agent;
using MiniPlane.Workloads.Dispatch;
using MiniPlane.Workloads.Views;

namespace MiniPlane.Workloads.Agents;

/// <summary>
/// Tells agents when what may change of a running pod has changed: its labels and annotations, which its downward API files show, and
/// its ephemeral containers. The agent gets its whole assignment anew, as after a reconnect.
/// </summary>
internal sealed class PodPusher(
    IClusterClient cluster, ClusterKinds kinds, AgentHub hub, AssignmentBuilder assignments, ILogger<PodPusher> logger, TimeProvider time)
    : BackgroundLoop(logger, time)
{
    /// <summary>Two versions of a pod that an agent need not tell apart have the same text.</summary>
    public static string Version(ObjectDocument pod) => string.Join(
        '\n',
        pod.Metadata.Labels.Concat(pod.Metadata.Annotations).Select(pair => $"{pair.Key}={pair.Value}")
            .Append(pod.As(WorkloadsJson.Default.PodView).Spec.EphemeralContainers.Count.ToString(System.Globalization.CultureInfo.InvariantCulture)));

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        ObjectList pods = await cluster.ListAsync(kinds.Pods, ListQuery.All, cancellationToken);
        foreach (ObjectDocument pod in pods.Items)
        {
            await TellAsync(pod, cancellationToken);
        }

        try
        {
            await foreach (ClusterEvent change in cluster.WatchAsync(kinds.Pods, ListQuery.All, pods.Revision, cancellationToken))
            {
                if (change is { Document: { } pod, Type: not ClusterEventType.Deleted })
                {
                    await TellAsync(pod, cancellationToken);
                }
            }
        }
        catch (ApiException exception) when (exception.Code == 410)
        {
            // Too far behind: list again, as every client of a watch does.
        }
    }

    private async ValueTask TellAsync(ObjectDocument pod, CancellationToken cancellationToken)
    {
        // An agent that has not got its first assignment yet gets the newest.
        if (hub.Find(pod.Metadata.Uid) is not { LastPod.Length: > 0 } session || session.LastPod == Version(pod))
        {
            return;
        }

        session.LastPod = Version(pod);
        session.SetReferences(PodReferences.Of(pod.Metadata.Name, pod.As(WorkloadsJson.Default.PodView).Spec));
        session.TrySend(new ControlMessage { Pod = await assignments.BuildAsync(pod, cancellationToken) });
    }
}
