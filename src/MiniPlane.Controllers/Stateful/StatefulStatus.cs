using System.Text.Json.Nodes;

namespace MiniPlane.Controllers.Stateful;

/// <summary>Counts a StatefulSet's pods into its status. Pure: it edits the JSON it is given.</summary>
internal static class StatefulStatus
{
    public static void Write(JsonObject status, StatefulState state, DateTimeOffset now)
    {
        int minReady = state.View.Spec.MinReadySeconds;
        int ready = state.Pods.Count(pod => pod.IsRunningAndReady);
        int current = state.Pods.Count(pod => !pod.IsTerminating && pod.Revision == state.Current.Name);
        int updated = state.Pods.Count(pod => !pod.IsTerminating && pod.Revision == state.Update.Name);
        string currentRevision = state.Current.Name;
        if (!state.View.Spec.UpdateStrategy.IsOnDelete && updated == state.Pods.Count && ready == state.Pods.Count
            && updated == state.View.Spec.Wanted)
        {
            // The rollout is over: what was the update is current now.
            current = updated;
            currentRevision = state.Update.Name;
        }

        status["observedGeneration"] = state.Document.Metadata.Generation;
        status["replicas"] = state.Pods.Count;
        SetCount(status, "readyReplicas", ready);
        status["availableReplicas"] = state.Pods.Count(pod => pod.IsRunningAndAvailable(minReady, now));
        SetCount(status, "currentReplicas", current);
        SetCount(status, "updatedReplicas", updated);
        status["currentRevision"] = currentRevision;
        status["updateRevision"] = state.Update.Name;
        status["collisionCount"] = state.Revisions.Collisions;
    }

    private static void SetCount(JsonObject status, string name, int count)
    {
        if (count == 0)
        {
            status.Remove(name);
        }
        else
        {
            status[name] = count;
        }
    }
}
