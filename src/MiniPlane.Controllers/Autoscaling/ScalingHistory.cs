namespace MiniPlane.Controllers.Autoscaling;

/// <summary>
/// What one autoscaler has recommended and done lately. Lives in memory only, as upstream's does: after a restart a scale-down
/// waits once more.
/// </summary>
internal sealed class ScalingHistory
{
    /// <summary>The longest window that the API allows.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    public List<(DateTimeOffset Time, int Replicas)> Recommendations { get; } = [];

    /// <summary>Changes that were made: positive numbers are pods added.</summary>
    public List<(DateTimeOffset Time, int Change)> Changes { get; } = [];

    public void Forget(DateTimeOffset now)
    {
        Recommendations.RemoveAll(entry => entry.Time < now - Kept);
        Changes.RemoveAll(entry => entry.Time < now - Kept);
    }

    public int AddedSince(DateTimeOffset time) => Changes.Where(entry => entry.Time > time && entry.Change > 0).Sum(entry => entry.Change);

    public int RemovedSince(DateTimeOffset time) => -Changes.Where(entry => entry.Time > time && entry.Change < 0).Sum(entry => entry.Change);
}
