using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Views;

/// <summary>batch.v1.CronJob.</summary>
internal sealed record CronJob
{
    public CronJobSpec Spec { get => field ?? new CronJobSpec(); init; }

    public CronJobStatus Status { get => field ?? new CronJobStatus(); init; }
}

internal sealed record CronJobSpec
{
    public string? Schedule { get; init; }

    public string? TimeZone { get; init; }

    public long? StartingDeadlineSeconds { get; init; }

    public string? ConcurrencyPolicy { get; init; }

    public bool Suspend { get; init; }

    public int? SuccessfulJobsHistoryLimit { get; init; }

    public int? FailedJobsHistoryLimit { get; init; }
}

internal sealed record CronJobStatus
{
    public IReadOnlyList<ActiveJob> Active { get => field ?? []; init; }

    public DateTimeOffset? LastScheduleTime { get; init; }

    public DateTimeOffset? LastSuccessfulTime { get; init; }
}

/// <summary>core.v1.ObjectReference, the parts that tell one Job from another.</summary>
internal sealed record ActiveJob
{
    public string? Name { get; init; }

    public string? Uid { get; init; }
}

internal static class CronJobDocuments
{
    public static CronJob AsCronJob(this ObjectDocument document) => document.As(ViewContext.Default.CronJob);
}
