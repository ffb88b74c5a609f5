using MiniPlane.Objects.Documents;

namespace MiniPlane.Workloads.Dispatch;

/// <summary>
/// What is known of one pod on our nodes. <see cref="Document"/> is replaced by the watcher; the rest belongs to the one
/// reconciliation of the pod that runs at a time.
/// </summary>
internal sealed class PodEntry(ObjectDocument document, string partition)
{
    private ObjectDocument _document = document;
    private volatile bool _isGone;

    public ObjectDocument Document
    {
        get => Volatile.Read(ref _document);
        set => Volatile.Write(ref _document, value);
    }

    public string Uid { get; } = document.Metadata.Uid;

    public ObjectKey Key { get; } = document.Key;

    /// <summary>The partition of the pod's node.</summary>
    public string Partition { get; } = partition;

    /// <summary>The pod object no longer exists.</summary>
    public bool IsGone
    {
        get => _isGone;
        set => _isGone = value;
    }

    public string? JobId { get; set; }

    public DateTimeOffset SubmittedAt { get; set; }

    public int FailedSubmits { get; set; }

    public DateTimeOffset NextSubmit { get; set; }

    /// <summary>Whatever of the pod decides about its submission, as of the last refusal; another one is tried at once.</summary>
    public string RefusedRequest { get; set; } = "";

    /// <summary>It could have been a task of an array, and is to be a job of its own.</summary>
    public bool IsAlone { get; set; }

    /// <summary>It waits for others of its array to join.</summary>
    public bool IsGathered { get; set; }

    public bool IsUsageAsked { get; set; }

    public bool IsLimitTold { get; set; }

    public DateTimeOffset? StopSentAt { get; set; }

    public DateTimeOffset? JobEndSeenAt { get; set; }

    public DateTimeOffset? FinishedSeenAt { get; set; }

    /// <summary>When the job's time limit ends it, as it was told while it ran.</summary>
    public DateTimeOffset? TimeLimitAt { get; set; }

    /// <summary>Since when the job has run without a connection of its agent.</summary>
    public DateTimeOffset? SilentSince { get; set; }

    public bool IsSilenceTold { get; set; }

    /// <summary>The last thing about its job that was told by an event.</summary>
    public string LastTold { get; set; } = "";

    public int Restarts { get; set; }
}
