namespace MiniPlane.Workloads.Backends;

/// <summary>The answer to a cancellation.</summary>
public abstract record CancelOutcome
{
    private CancelOutcome()
    {
    }

    /// <summary>The signal is on its way, or the job was over already.</summary>
    public sealed record Accepted : CancelOutcome
    {
        public static readonly Accepted Value = new();
    }

    public sealed record Unavailable(string Message) : CancelOutcome;
}
