namespace MiniPlane.Workloads.Dispatch;

/// <summary>
/// One gate before all submissions: so many a second as the site allows, and none for a while after Slurm said that the account has as
/// many jobs as it may have. Pods beyond the limit then cost one sbatch per pause together, not one each.
/// </summary>
internal sealed class SubmissionGate(WorkloadsOptions options, TimeProvider time)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(2);

    // Guards the fields below. Held for memory work only.
    private readonly Lock _gate = new();
    private DateTimeOffset _nextTurn;
    private DateTimeOffset _closedUntil;
    private int _refusals;

    /// <summary>Why nothing is submitted now; empty when something is.</summary>
    public string Closed { get; private set; } = "";

    /// <summary>Zero when the caller may submit now; else how long to wait before asking again.</summary>
    public TimeSpan Enter()
    {
        DateTimeOffset now = time.GetUtcNow();
        lock (_gate)
        {
            if (now < _closedUntil)
            {
                return _closedUntil - now;
            }

            if (options.Site.SubmitsPerSecond <= 0)
            {
                return TimeSpan.Zero;
            }

            if (now < _nextTurn)
            {
                return _nextTurn - now;
            }

            _nextTurn = now + TimeSpan.FromSeconds(1.0 / options.Site.SubmitsPerSecond);
            return TimeSpan.Zero;
        }
    }

    /// <summary>Slurm took a job.</summary>
    public void Open()
    {
        lock (_gate)
        {
            _refusals = 0;
            _closedUntil = default;
            Closed = "";
        }
    }

    /// <summary>
    /// Jobs of this cluster have ended, which may be the room that was missing: the pause is over, for as many as come now. Should it not
    /// have been, the next refusal closes the gate for longer than the last one did.
    /// </summary>
    public void MakeRoom()
    {
        lock (_gate)
        {
            _closedUntil = default;
        }
    }

    /// <summary>The account is full: the gate stays closed, longer each time. Returns for how long.</summary>
    public TimeSpan Close(string why)
    {
        DateTimeOffset now = time.GetUtcNow();
        lock (_gate)
        {
            // Others were on their way when the first was told: that is one refusal.
            if (now >= _closedUntil)
            {
                var pause = TimeSpan.FromSeconds(Math.Min(LongestPause.TotalSeconds, FirstPause.TotalSeconds * Math.Pow(2, Math.Min(_refusals, 10))));
                _refusals++;
                _closedUntil = now + pause;
            }

            Closed = why;
            return _closedUntil - now;
        }
    }
}
