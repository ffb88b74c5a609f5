using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Tables;

/// <summary>What a pod's container statuses amount to.</summary>
internal sealed class PodSummary
{
    private DateTimeOffset? _lastSidecarRestart;
    private long _sidecarRestarts;

    private PodSummary(JsonObject pod)
    {
        JsonObject[] sidecars =
            [.. pod.Objects("spec", "initContainers").Where(container => container.Text("restartPolicy") == "Always")];
        Total = (pod.Array("spec", "containers")?.Count ?? 0) + sidecars.Length;
        Status = pod.Text("status", "reason") is { Length: > 0 } reason ? reason : pod.TextOrEmpty("status", "phase");
        if (Conditions(pod).Any(condition => condition.Text("type") == "PodScheduled" && condition.Text("reason") == "SchedulingGated"))
        {
            Status = "SchedulingGated";
        }

        HashSet<string> sidecarNames = [.. sidecars.Select(container => container.TextOrEmpty("name"))];
        bool isInitializing = ReadInitContainers(pod, sidecarNames);
        if (!isInitializing || IsTrue(pod, "Initialized"))
        {
            ReadContainers(pod);
        }

        if (pod.Has("metadata", "deletionTimestamp"))
        {
            Status = pod.Text("status", "reason") == "NodeLost" ? "Unknown"
                : pod.Text("status", "phase") is "Failed" or "Succeeded" ? Status : "Terminating";
        }
    }

    public string Status { get; private set; }

    public long Ready { get; private set; }

    public long Total { get; }

    public long Restarts { get; private set; }

    public DateTimeOffset? LastRestart { get; private set; }

    public static PodSummary Of(JsonObject pod) => new(pod);

    /// <summary>True when an init container is still to finish, or failed: then it gives the status.</summary>
    private bool ReadInitContainers(JsonObject pod, HashSet<string> sidecars)
    {
        int index = 0;
        foreach (JsonObject status in pod.Objects("status", "initContainerStatuses"))
        {
            long restarts = status.Integer("restartCount") ?? 0;
            bool isSidecar = sidecars.Contains(status.TextOrEmpty("name"));
            Restarts += restarts;
            LastRestart = Later(LastRestart, status);
            if (isSidecar)
            {
                _sidecarRestarts += restarts;
                _lastSidecarRestart = Later(_lastSidecarRestart, status);
            }

            JsonObject? terminated = status.Object("state", "terminated");
            if (terminated is not null && (terminated.Integer("exitCode") ?? 0) == 0)
            {
                index++;
                continue;
            }

            if (isSidecar && status.Flag("started") == true)
            {
                Ready += status.Flag("ready") == true ? 1 : 0;
                index++;
                continue;
            }

            Status = "Init:" + InitStatus(status, terminated, index, pod.Array("spec", "initContainers")?.Count ?? 0);
            return true;
        }

        return false;
    }

    private static string InitStatus(JsonObject status, JsonObject? terminated, int index, int count)
    {
        if (terminated is not null)
        {
            return terminated.Text("reason") is { Length: > 0 } reason ? reason : ExitText(terminated);
        }

        string waiting = status.TextOrEmpty("state", "waiting", "reason");
        return waiting.Length > 0 && waiting != "PodInitializing" ? waiting : $"{Cell.Number(index)}/{Cell.Number(count)}";
    }

    private void ReadContainers(JsonObject pod)
    {
        Restarts = _sidecarRestarts;
        LastRestart = _lastSidecarRestart;
        bool hasRunning = false;
        foreach (JsonObject status in pod.Objects("status", "containerStatuses").Reverse())
        {
            Restarts += status.Integer("restartCount") ?? 0;
            LastRestart = Later(LastRestart, status);
            JsonObject? terminated = status.Object("state", "terminated");
            if (status.Text("state", "waiting", "reason") is { Length: > 0 } waiting)
            {
                Status = waiting;
            }
            else if (terminated is not null)
            {
                Status = terminated.Text("reason") is { Length: > 0 } reason ? reason : ExitText(terminated);
            }
            else if (status.Flag("ready") == true && status.Has("state", "running"))
            {
                hasRunning = true;
                Ready++;
            }
        }

        if (Status == "Completed" && hasRunning)
        {
            Status = IsTrue(pod, "Ready") ? "Running" : "NotReady";
        }
    }

    private static string ExitText(JsonObject terminated) => terminated.Integer("signal") is { } signal and not 0
        ? $"Signal:{Cell.Number(signal)}"
        : $"ExitCode:{Cell.Number(terminated.Integer("exitCode") ?? 0)}";

    private static DateTimeOffset? Later(DateTimeOffset? known, JsonObject status) =>
        Cell.Time(status.Text("lastState", "terminated", "finishedAt")) is { } time && !(known > time) ? time : known;

    private static bool IsTrue(JsonObject pod, string type) =>
        Conditions(pod).Any(condition => condition.Text("type") == type && condition.Text("status") == "True");

    private static IEnumerable<JsonObject> Conditions(JsonObject pod) => pod.Objects("status", "conditions");
}
