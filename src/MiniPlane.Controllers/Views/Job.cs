using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Views;

/// <summary>batch.v1.Job.</summary>
internal sealed record Job
{
    public JobSpec Spec { get => field ?? new JobSpec(); init; }

    public JobStatus Status { get => field ?? new JobStatus(); init; }

    public bool IsFinished => HasTrue("Complete") || HasTrue("Failed");

    /// <summary>It is said how the Job ends, though its last pods may still be there.</summary>
    public bool IsEnding => IsFinished || HasTrue("FailureTarget") || HasTrue("SuccessCriteriaMet");

    public bool HasTrue(string type) =>
        Status.Conditions.Any(condition => condition.Type == type && condition.IsTrue);
}

internal sealed record JobSpec
{
    public int? Parallelism { get; init; }

    public int? Completions { get; init; }

    public int? BackoffLimit { get; init; }

    public long? ActiveDeadlineSeconds { get; init; }

    public int? TtlSecondsAfterFinished { get; init; }

    public bool Suspend { get; init; }

    public string? CompletionMode { get; init; }

    public string? PodReplacementPolicy { get; init; }

    public string? ManagedBy { get; init; }

    public Selector Selector { get => field ?? new Selector(); init; }

    public JobTemplate Template { get => field ?? new JobTemplate(); init; }

    public int? BackoffLimitPerIndex { get; init; }

    public int? MaxFailedIndexes { get; init; }

    public PodFailurePolicy? PodFailurePolicy { get; init; }

    public SuccessPolicy? SuccessPolicy { get; init; }

    public bool IsIndexed => CompletionMode == "Indexed";

    /// <summary>Replacements wait until a pod has fully ended, not only until its deletion is asked for.</summary>
    public bool ReplacesOnlyFailed => PodReplacementPolicy == "Failed";
}

internal sealed record JobTemplate
{
    public PodSpec Spec { get => field ?? new PodSpec(); init; }
}

internal sealed record JobStatus
{
    public int Active { get; init; }

    public int Succeeded { get; init; }

    public int Failed { get; init; }

    public int? Ready { get; init; }

    public int? Terminating { get; init; }

    public string? CompletedIndexes { get; init; }

    public string? FailedIndexes { get; init; }

    public DateTimeOffset? StartTime { get; init; }

    public DateTimeOffset? CompletionTime { get; init; }

    public UncountedPods? UncountedTerminatedPods { get; init; }

    public IReadOnlyList<Condition> Conditions { get => field ?? []; init; }
}

internal sealed record UncountedPods
{
    public IReadOnlyList<string> Succeeded { get => field ?? []; init; }

    public IReadOnlyList<string> Failed { get => field ?? []; init; }
}

internal static class JobDocuments
{
    public static Job AsJob(this ObjectDocument document) => document.As(ViewContext.Default.Job);
}
