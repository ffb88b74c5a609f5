using System.Text.Json.Nodes;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;
using MiniPlane.Workloads.Dispatch;

namespace MiniPlane.Workloads.Status;

/// <summary>Writes pod statuses: read, change, write on condition that nobody wrote in between, else again.</summary>
internal sealed class PodStatusWriter(IClusterClient cluster, ClusterKinds kinds)
{
    private const int MostTries = 8;

    /// <summary>
    /// Replaces the status by what <paramref name="change"/> makes of the pod. Nothing is written when it is the same, when
    /// the pod is gone or is another one of the same name. Returns the pod as it now is, or null when it is gone.
    /// </summary>
    public async ValueTask<ObjectDocument?> WriteAsync(
        ObjectKey key, string uid, Func<JsonObject, JsonObject> change, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            if (await cluster.FindAsync(kinds.Pods, key, cancellationToken) is not { } current || current.Metadata.Uid != uid)
            {
                return null;
            }

            JsonObject pod = current.ToJson();
            JsonObject status = change(pod);
            if (status.SameAs(pod["status"]))
            {
                return current;
            }

            pod["status"] = status;
            try
            {
                return await cluster.UpdateAsync(kinds.Pods, pod, "status", cancellationToken);
            }
            catch (ApiException exception) when (exception.Reason == "Conflict" && attempt < MostTries)
            {
                // Somebody else wrote; look again.
            }
            catch (ApiException exception) when (exception.Reason == "NotFound")
            {
                return null;
            }
        }
    }
}
