using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;
using MiniPlane.Workloads.Backends;
using MiniPlane.Workloads.Dispatch;
using MiniPlane.Workloads.Translation;

namespace MiniPlane.Workloads.Status;

/// <summary>Writes a verdict about the job into the pod's status; pure. A pod that is over stays as it ended.</summary>
internal static class JobStatusMerge
{
    private const string Creating = "ContainerCreating";

    /// <summary>The new status; equal to the old one when there is nothing to say.</summary>
    public static JsonObject Apply(JsonObject pod, JobVerdict verdict, JobStatus? job, DateTimeOffset now)
    {
        JsonObject status = pod.Object("status")?.DeepClone().AsObject() ?? [];
        string phase = status.TextOrEmpty("phase");
        if (phase is "Succeeded" or "Failed")
        {
            return AmendFailure(status, phase, verdict, now);
        }

        bool isAgentsTurn = verdict.WaitingReason == Creating && HasAgentSpoken(status);
        if (verdict.Phase is { } next && !isAgentsTurn)
        {
            status["phase"] = next;
            SetText(status, "reason", verdict.Reason);
            SetText(status, "message", next == "Failed" ? verdict.Message : "");
            if (verdict.HasStarted)
            {
                status.DefaultText("startTime", KubeTime.Format(job?.StartTime ?? now));
            }

            SetContainers(pod, status, verdict, job, now);
            PodConditions.Derive(pod, status, hasSandbox: next == "Running", now);
            if (pod.Integer("metadata", "generation") is { } generation and > 0)
            {
                status["observedGeneration"] = generation;
            }
        }

        SetJobConditions(status, verdict, now);
        return status;
    }

    /// <summary>Whether the containers' states are an agent's and not this room's own.</summary>
    private static bool HasAgentSpoken(JsonObject status) =>
        status.Text("phase") == "Running"
        || status.Objects("initContainerStatuses").Concat(status.Objects("containerStatuses")).Any(container =>
            container.Has("state", "running")
            || container.Has("state", "terminated")
            || (container.Text("state", "waiting", "reason") is { } reason
                && reason != Creating
                && !reason.StartsWith("Slurm", StringComparison.Ordinal)));

    /// <summary>The agent saw its containers end; Slurm knows why.</summary>
    private static JsonObject AmendFailure(JsonObject status, string phase, JobVerdict verdict, DateTimeOffset now)
    {
        bool knowsMore = verdict.Reason is "DeadlineExceeded" or "OOMKilled" or "NodeLost" or "Preempted" or "SlurmCancelled";
        if (phase == "Failed" && knowsMore && status.TextOrEmpty("reason").Length == 0)
        {
            status["reason"] = verdict.Reason;
            status["message"] = verdict.Message;
            SetDisruption(status, verdict, now);
        }

        return status;
    }

    private static void SetJobConditions(JsonObject status, JobVerdict verdict, DateTimeOffset now)
    {
        string reason = verdict.WaitingReason.Length > 0 ? verdict.WaitingReason : verdict.Reason;
        PodConditions.Set(
            status,
            WorkloadAnnotations.JobStartedCondition,
            verdict.HasStarted,
            verdict.HasStarted ? "" : reason,
            verdict.HasStarted ? "" : verdict.Message,
            now);
        SetDisruption(status, verdict, now);
    }

    private static void SetDisruption(JsonObject status, JobVerdict verdict, DateTimeOffset now)
    {
        if (verdict.DisruptionReason.Length > 0)
        {
            PodConditions.Set(status, "DisruptionTarget", value: true, verdict.DisruptionReason, verdict.Message, now);
        }
    }

    private static void SetContainers(JsonObject pod, JsonObject status, JobVerdict verdict, JobStatus? job, DateTimeOffset now)
    {
        foreach ((string spec, string statuses) in new[] { ("initContainers", "initContainerStatuses"), ("containers", "containerStatuses") })
        {
            var list = new JsonArray();
            foreach (JsonObject container in pod.Objects("spec", spec))
            {
                string name = container.TextOrEmpty("name");
                JsonObject? known = status.Objects(statuses).FirstOrDefault(other => other.Text("name") == name);
                bool isInit = spec == "initContainers" && container.Text("restartPolicy") != "Always";
                list.Add((JsonNode)ToStatus(container, known, isInit, verdict, job, now));
            }

            if (list.Count > 0)
            {
                status[statuses] = list;
            }
        }
    }

    private static JsonObject ToStatus(
        JsonObject container, JsonObject? known, bool isInit, JobVerdict verdict, JobStatus? job, DateTimeOffset now)
    {
        JsonObject status = known?.DeepClone().AsObject() ?? new JsonObject
        {
            ["name"] = container.TextOrEmpty("name"),
            ["image"] = container.TextOrEmpty("image"),
            ["imageID"] = "",
            ["restartCount"] = 0,
            ["state"] = new JsonObject(),
            ["lastState"] = new JsonObject(),
        };
        bool isRunning = verdict.Phase == "Running" && !isInit;
        bool isQueuedAgain = job?.State.IsQueued() == true;
        if (isQueuedAgain && ToLast(status, now) is { } last)
        {
            status["lastState"] = last;
        }

        if (!status.Has("state", "terminated") || isQueuedAgain)
        {
            status["state"] = ToState(verdict, isInit, job, now);
        }

        status["ready"] = isRunning || (isInit && verdict.Phase is "Running" or "Succeeded");
        status["started"] = isRunning;
        return status;
    }

    /// <summary>How a container of a requeued job ended; null when it had not run in it.</summary>
    private static JsonObject? ToLast(JsonObject status, DateTimeOffset now)
    {
        if (status.Object("state")?.Object("terminated") is { } terminated)
        {
            return new JsonObject { ["terminated"] = terminated.DeepClone() };
        }

        return status.Text("state", "running", "startedAt") is not { } started ? null : new JsonObject
        {
            ["terminated"] = new JsonObject
            {
                ["exitCode"] = 137,
                ["reason"] = "ContainerStatusUnknown",
                ["message"] = "The container could not be located when its job was put back into the queue",
                ["startedAt"] = started,
                ["finishedAt"] = KubeTime.Format(now),
            },
        };
    }

    private static JsonObject ToState(JobVerdict verdict, bool isInit, JobStatus? job, DateTimeOffset now)
    {
        string started = KubeTime.Format(job?.StartTime ?? now);
        if (verdict.WaitingReason.Length > 0)
        {
            var waiting = new JsonObject { ["reason"] = verdict.WaitingReason };
            SetText(waiting, "message", verdict.Message);
            return new JsonObject { ["waiting"] = waiting };
        }

        bool isDoneInit = isInit && verdict.Phase is "Running";
        if (verdict.Phase == "Running" && !isInit)
        {
            return new JsonObject { ["running"] = new JsonObject { ["startedAt"] = started } };
        }

        var terminated = new JsonObject
        {
            ["exitCode"] = isDoneInit ? 0 : verdict.ExitCode,
            ["reason"] = isDoneInit ? "Completed" : verdict.TerminatedReason,
            ["startedAt"] = started,
            ["finishedAt"] = KubeTime.Format(job?.EndTime is { } end && end < now ? end : now),
        };
        if (verdict.Signal > 0 && !isDoneInit)
        {
            terminated["signal"] = verdict.Signal;
        }

        if (verdict.ExitCode != 0 && !isDoneInit)
        {
            SetText(terminated, "message", verdict.Message);
        }

        return new JsonObject { ["terminated"] = terminated };
    }

    private static void SetText(JsonObject json, string name, string value)
    {
        if (value.Length > 0)
        {
            json[name] = value;
        }
        else
        {
            json.Remove(name);
        }
    }
}
