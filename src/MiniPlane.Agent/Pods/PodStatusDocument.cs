using System.Globalization;
using System.Text.Json;

namespace MiniPlane.Agent.Pods;

/// <summary>Writes the fields of core.v1.PodStatus that a kubelet owns. Pure.</summary>
internal static class PodStatusDocument
{
    public static byte[] Write(
        PodContext context,
        IReadOnlyList<ContainerStatus> containers,
        DateTimeOffset startTime,
        bool isOver,
        (string Reason, string Message)? failure = null,
        bool isRestarting = false,
        bool isHeld = false)
    {
        isRestarting &= !isOver;
        string phase = failure is not null ? "Failed"
            : isRestarting ? "Pending"
            : PodPhase.Of(containers, context.Pod.Spec.RestartPolicy, isOver);
        if (isHeld && phase is ("Succeeded" or "Failed"))
        {
            // A phase is final, and this one is not told yet: the pod is failing, or its job may run it again.
            phase = "Running";
        }

        using MemoryStream buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            json.WriteString("phase", phase);
            WriteOptional(json, "reason", failure?.Reason ?? "");
            WriteOptional(json, "message", failure?.Message ?? "");
            json.WriteString("startTime", Time(startTime));
            WriteAddress(json, "hostIP", "hostIPs", context.HostIp);
            WriteAddress(json, "podIP", "podIPs", context.PodIp);
            json.WriteStartArray("conditions");
            WriteCondition(json, "PodReadyToStartContainers", !isOver, "", "");
            if (RestartRules.CouldRestartAll(context.Pod.Spec))
            {
                WriteRestarting(json, isRestarting, phase);
            }

            json.WriteEndArray();
            WriteContainers(json, "initContainerStatuses", containers.Where(container => container.Kind is ContainerKind.Init or ContainerKind.Sidecar));
            WriteContainers(json, "containerStatuses", containers.Where(container => container.Kind == ContainerKind.Main));
            WriteContainers(json, "ephemeralContainerStatuses", containers.Where(container => container.Kind == ContainerKind.Ephemeral));
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    /// <summary>kubelet's GenerateAllContainersRestartingCondition, which pods have that could restart so.</summary>
    private static void WriteRestarting(Utf8JsonWriter json, bool isRestarting, string phase) => WriteCondition(
        json,
        "AllContainersRestarting",
        isRestarting,
        isRestarting ? "RestartAllContainersStarted" : phase switch { "Succeeded" => "PodCompleted", "Failed" => "PodFailed", _ => "" },
        isRestarting ? "container exited with restart policy rule" : "");

    private static void WriteCondition(Utf8JsonWriter json, string type, bool isTrue, string reason, string message)
    {
        json.WriteStartObject();
        json.WriteString("type", type);
        json.WriteString("status", isTrue ? "True" : "False");
        WriteOptional(json, "reason", reason);
        WriteOptional(json, "message", message);
        json.WriteEndObject();
    }

    private static void WriteAddress(Utf8JsonWriter json, string field, string list, string address)
    {
        if (address.Length == 0)
        {
            return;
        }

        json.WriteString(field, address);
        json.WriteStartArray(list);
        json.WriteStartObject();
        json.WriteString("ip", address);
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void WriteContainers(Utf8JsonWriter json, string field, IEnumerable<ContainerStatus> containers)
    {
        if (!containers.Any())
        {
            return;
        }

        json.WriteStartArray(field);
        foreach (ContainerStatus container in containers)
        {
            json.WriteStartObject();
            json.WriteString("name", container.Name);
            json.WriteString("image", container.Image);
            json.WriteString("imageID", container.ImageId);
            if (container.ContainerId.Length > 0)
            {
                json.WriteString("containerID", container.ContainerId);
            }

            json.WriteNumber("restartCount", container.RestartCount);
            json.WriteBoolean("ready", container.Ready);
            json.WriteBoolean("started", container.Started);
            WriteState(json, "state", container.State);
            WriteState(json, "lastState", container.LastState);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteState(Utf8JsonWriter json, string field, ContainerState? state)
    {
        json.WriteStartObject(field);
        switch (state)
        {
            case ContainerState.Waiting waiting:
                json.WriteStartObject("waiting");
                json.WriteString("reason", waiting.Reason);
                WriteOptional(json, "message", waiting.Message);
                json.WriteEndObject();
                break;
            case ContainerState.Running running:
                json.WriteStartObject("running");
                json.WriteString("startedAt", Time(running.StartedAt));
                json.WriteEndObject();
                break;
            case ContainerState.Terminated terminated:
                json.WriteStartObject("terminated");
                json.WriteNumber("exitCode", terminated.ExitCode);
                WriteOptional(json, "reason", terminated.Reason);
                WriteOptional(json, "message", terminated.Message);
                json.WriteString("startedAt", Time(terminated.StartedAt));
                json.WriteString("finishedAt", Time(terminated.FinishedAt));
                WriteOptional(json, "containerID", terminated.ContainerId);
                json.WriteEndObject();
                break;
            default:
                break;
        }

        json.WriteEndObject();
    }

    private static void WriteOptional(Utf8JsonWriter json, string field, string text)
    {
        if (text.Length > 0)
        {
            json.WriteString(field, text);
        }
    }

    private static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
