using System.Text.Json.Nodes;
using MiniPlane.Controllers.Runtime;
using MiniPlane.Controllers.Views;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Rollouts;

/// <summary>
/// Computes a Deployment's status: counts, and the conditions Available, Progressing and ReplicaFailure with the reasons that kubectl rollout status
/// and helm look for. Pure: it edits the JSON it is given.
/// </summary>
internal static class RolloutStatus
{
    public const string Progressing = "Progressing";
    public const string Available = "Available";
    public const string ReplicaFailure = "ReplicaFailure";
    public const string Complete = "NewReplicaSetAvailable";
    public const string TimedOut = "ProgressDeadlineExceeded";
    public const string Paused = "DeploymentPaused";
    public const string Resumed = "DeploymentResumed";

    /// <summary>Sets a condition by upstream's rule: nothing changes while status and reason stay the same.</summary>
    public static void Set(
        JsonObject status, string type, string value, string reason, string message, DateTimeOffset now)
    {
        JsonObject? current = StatusConditions.Find(status, type);
        if (current is not null && current.TextOrEmpty("status") == value && current.TextOrEmpty("reason") == reason)
        {
            return;
        }

        StatusConditions.Set(status, type, value, reason, message, now)["lastUpdateTime"] = ApiTime.Format(now);
    }

    /// <summary>Counts pods over all ReplicaSets and says whether enough are available.</summary>
    public static void Count(
        JsonObject status, ObjectDocument document, IReadOnlyList<OwnedReplicaSet> all, OwnedReplicaSet? current, DateTimeOffset now)
    {
        Deployment deployment = document.AsDeployment();
        int available = all.Sum(set => set.Available);
        status["observedGeneration"] = document.Metadata.Generation;
        SetCount(status, "replicas", all.Sum(set => set.Actual));
        SetCount(status, "updatedReplicas", current?.Actual ?? 0);
        SetCount(status, "readyReplicas", all.Sum(set => set.Ready));
        SetCount(status, "availableReplicas", available);
        SetCount(status, "unavailableReplicas", Math.Max(0, all.Sum(set => set.Wanted) - available));
        if (all.All(set => set.Terminating is not null))
        {
            status["terminatingReplicas"] = all.Sum(set => set.Terminating ?? 0);
        }

        if (available >= deployment.Spec.Wanted - RolloutMath.MaxUnavailable(deployment))
        {
            Set(status, Available, "True", "MinimumReplicasAvailable", "Deployment has minimum availability.", now);
        }
        else
        {
            Set(status, Available, "False", "MinimumReplicasUnavailable", "Deployment does not have minimum availability.", now);
        }
    }

    /// <summary>Says how the rollout gets on; <paramref name="status"/> already holds the new counts.</summary>
    public static void Progress(JsonObject status, ObjectDocument document, OwnedReplicaSet? current, DateTimeOffset now)
    {
        Deployment deployment = document.AsDeployment();
        if (!HasDeadline(deployment))
        {
            StatusConditions.Remove(status, Progressing);
            return;
        }

        JsonObject? condition = StatusConditions.Find(status, Progressing);
        bool wasComplete = status.Integer("replicas") == status.Integer("updatedReplicas")
            && condition.TextOrEmpty("reason") == Complete;
        if (wasComplete)
        {
            return;
        }

        string what = current is null ? $"Deployment \"{document.Metadata.Name}\"" : $"ReplicaSet \"{current.Name}\"";
        if (IsComplete(status, document))
        {
            Set(status, Progressing, "True", Complete, $"{what} has successfully progressed.", now);
        }
        else if (HasProgressed(deployment.Status, status))
        {
            // lastUpdateTime moves with every step, for the deadline counts from it.
            JsonObject moved = StatusConditions.Set(
                status, Progressing, value: true, "ReplicaSetUpdated", $"{what} is progressing.", now);
            moved["lastUpdateTime"] = ApiTime.Format(now);
        }
        else if (IsTimedOut(condition, deployment, now))
        {
            Set(status, Progressing, "False", TimedOut, $"{what} has timed out progressing.", now);
        }
    }

    /// <summary>Takes the failure of a ReplicaSet over into the Deployment, or clears it.</summary>
    public static void Failures(
        JsonObject status, IReadOnlyList<OwnedReplicaSet> all, OwnedReplicaSet? current, DateTimeOffset now)
    {
        IEnumerable<OwnedReplicaSet> newestFirst = current is null ? all : all.OrderBy(set => set.Uid == current.Uid ? 0 : 1);
        Condition? failure = newestFirst.SelectMany(set => set.Document.AsReplicaSet().Status.Conditions)
            .FirstOrDefault(condition => condition is { Type: ReplicaFailure, IsTrue: true });
        if (failure is null)
        {
            StatusConditions.Remove(status, ReplicaFailure);
        }
        else
        {
            Set(status, ReplicaFailure, "True", failure.Reason ?? "", failure.Message ?? "", now);
        }
    }

    public static bool IsComplete(JsonNode? status, ObjectDocument document)
    {
        int wanted = document.AsDeployment().Spec.Wanted;
        return (status.Integer("updatedReplicas") ?? 0) == wanted
            && (status.Integer("replicas") ?? 0) == wanted
            && (status.Integer("availableReplicas") ?? 0) == wanted
            && (status.Integer("observedGeneration") ?? 0) >= document.Metadata.Generation;
    }

    /// <summary>When the deadline has to be looked at next, or null.</summary>
    public static TimeSpan? UntilDeadline(JsonObject status, ObjectDocument document, DateTimeOffset now)
    {
        Deployment deployment = document.AsDeployment();
        if (!HasDeadline(deployment)
            || StatusConditions.Find(status, Progressing) is not { } condition
            || condition.TextOrEmpty("reason") is Complete or TimedOut
            || IsComplete(status, document)
            || Since(condition) is not { } since)
        {
            return null;
        }

        TimeSpan left = since + TimeSpan.FromSeconds(deployment.Spec.ProgressDeadlineSeconds ?? 0) - now;
        return (left > TimeSpan.Zero ? left : TimeSpan.Zero) + TimeSpan.FromSeconds(1);
    }

    /// <summary>The largest int32 means no deadline at all.</summary>
    public static bool HasDeadline(Deployment deployment) => deployment.Spec.ProgressDeadlineSeconds is { } seconds and < int.MaxValue && seconds > 0;

    private static bool HasProgressed(DeploymentStatus before, JsonObject status)
    {
        long updated = status.Integer("updatedReplicas") ?? 0;
        return updated > before.UpdatedReplicas
            || (status.Integer("replicas") ?? 0) - updated < before.Replicas - before.UpdatedReplicas
            || (status.Integer("readyReplicas") ?? 0) > before.ReadyReplicas
            || (status.Integer("availableReplicas") ?? 0) > before.AvailableReplicas;
    }

    private static bool IsTimedOut(JsonObject? condition, Deployment deployment, DateTimeOffset now) =>
        condition is not null
        && condition.TextOrEmpty("reason") switch
        {
            Complete => false,
            TimedOut => true,
            _ => Since(condition) is { } since
                && since + TimeSpan.FromSeconds(deployment.Spec.ProgressDeadlineSeconds ?? 0) < now,
        };

    private static DateTimeOffset? Since(JsonObject condition) =>
        DateTimeOffset.TryParse(
            condition.Text("lastUpdateTime"), System.Globalization.CultureInfo.InvariantCulture, out DateTimeOffset since)
            ? since
            : null;

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
