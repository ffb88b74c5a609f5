using System.Text.Json.Serialization;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Views;

/// <summary>core.v1.Pod, the fields that controllers read.</summary>
internal sealed record Pod
{
    public PodSpec Spec { get => field ?? new PodSpec(); init; }

    public PodStatus Status { get => field ?? new PodStatus(); init; }

    public bool IsSucceeded => Status.Phase == "Succeeded";

    public bool IsFailed => Status.Phase == "Failed";

    /// <summary>Its containers will not run again.</summary>
    public bool IsTerminal => IsSucceeded || IsFailed;

    public Condition? Condition(string type) => Status.Conditions.FirstOrDefault(condition => condition.Type == type);

    public bool IsReady => Condition("Ready") is { IsTrue: true };

    /// <summary>Ready for at least <paramref name="minReadySeconds"/> (upstream's IsPodAvailable).</summary>
    public bool IsAvailable(int minReadySeconds, DateTimeOffset now) =>
        Condition("Ready") is { IsTrue: true } ready
        && (minReadySeconds == 0
            || (ready.LastTransitionTime is { } since && since + TimeSpan.FromSeconds(minReadySeconds) <= now));
}

internal sealed record PodSpec
{
    public string? NodeName { get; init; }

    public string? SchedulerName { get; init; }

    public string? RestartPolicy { get; init; }

    public string? Hostname { get; init; }

    public string? Subdomain { get; init; }

    public IReadOnlyList<SchedulingGate> SchedulingGates { get => field ?? []; init; }

    public IReadOnlyDictionary<string, string>? NodeSelector { get; init; }

    public IReadOnlyList<Toleration> Tolerations { get => field ?? []; init; }

    public IReadOnlyList<Container> Containers { get => field ?? []; init; }

    public IReadOnlyList<Container> InitContainers { get => field ?? []; init; }

    public IReadOnlyDictionary<string, string>? Overhead { get; init; }

    public IReadOnlyList<PodVolume> Volumes { get => field ?? []; init; }
}

internal sealed record PodVolume
{
    public string Name { get => field ?? ""; init; }

    public PodClaimSource? PersistentVolumeClaim { get; init; }

    public PodEphemeralSource? Ephemeral { get; init; }
}

internal sealed record PodClaimSource
{
    public string ClaimName { get => field ?? ""; init; }
}

/// <summary>A claim that is made for the pod and goes with it; its template is read as JSON where it is used.</summary>
internal sealed record PodEphemeralSource;

internal sealed record SchedulingGate
{
    public string? Name { get; init; }
}

internal sealed record Toleration
{
    public string? Key { get; init; }

    public string? Operator { get; init; }

    public string? Value { get; init; }

    public string? Effect { get; init; }

    public long? TolerationSeconds { get; init; }
}

internal sealed record Container
{
    public string? Name { get; init; }

    public string? RestartPolicy { get; init; }

    public IReadOnlyList<ContainerPort> Ports { get => field ?? []; init; }

    public ContainerResources? Resources { get; init; }
}

internal sealed record ContainerPort
{
    public string? Name { get; init; }

    [JsonPropertyName("containerPort")]
    public int Number { get; init; }

    public string? Protocol { get; init; }
}

internal sealed record ContainerResources
{
    public IReadOnlyDictionary<string, string>? Requests { get; init; }

    public IReadOnlyDictionary<string, string>? Limits { get; init; }
}

internal sealed record PodStatus
{
    public string? Phase { get; init; }

    public string? Reason { get; init; }

    public string? PodIP { get; init; }

    public DateTimeOffset? StartTime { get; init; }

    public IReadOnlyList<PodAddress> PodIPs { get => field ?? []; init; }

    public IReadOnlyList<Condition> Conditions { get => field ?? []; init; }

    public IReadOnlyList<ContainerStatus> ContainerStatuses { get => field ?? []; init; }

    public IReadOnlyList<ContainerStatus> InitContainerStatuses { get => field ?? []; init; }
}

internal sealed record PodAddress
{
    public string? Ip { get; init; }
}

internal sealed record ContainerStatus
{
    public string? Name { get; init; }

    public int RestartCount { get; init; }

    public ContainerState? State { get; init; }
}

internal sealed record ContainerState
{
    public TerminatedState? Terminated { get; init; }
}

internal sealed record TerminatedState
{
    public DateTimeOffset? FinishedAt { get; init; }

    public int ExitCode { get; init; }
}

internal static class PodDocuments
{
    public static Pod AsPod(this ObjectDocument document) => document.As(ViewContext.Default.Pod);

    /// <summary>The node that the pod is bound to, or the empty text. Asked of every pod that changes, so no view is made for it.</summary>
    public static string NodeOfPod(this ObjectDocument document) =>
        (document.Viewed<Pod>() is { } pod ? pod.Spec.NodeName : document.Text("spec"u8, "nodeName"u8)) ?? "";

    /// <summary>Its containers will not run again. Asked of every pod that changes, so no view is made for it.</summary>
    public static bool IsEndedPod(this ObjectDocument document) =>
        (document.Viewed<Pod>() is { } pod ? pod.Status.Phase : document.Text("status"u8, "phase"u8)) is "Succeeded" or "Failed";

    /// <summary>Neither ended nor being deleted (upstream's IsPodActive).</summary>
    public static bool IsActivePod(this ObjectDocument document) =>
        !document.Metadata.IsBeingDeleted && !document.IsEndedPod();
}
