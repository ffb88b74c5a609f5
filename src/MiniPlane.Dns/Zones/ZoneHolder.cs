namespace MiniPlane.Dns.Zones;

/// <summary>The newest zone. Followers change it one after another; questions read it without a lock.</summary>
internal sealed class ZoneHolder
{
    // Guards changes of _zone and _listed. Held for memory work only.
    private readonly Lock _gate = new();
    private readonly HashSet<ZoneFeed> _listed = [];
    private ClusterZone _zone = ClusterZone.Empty;
    private volatile bool _isComplete;

    /// <summary>The zone, or null until every kind was listed once: half a zone would deny names that exist.</summary>
    public ClusterZone? Current => _isComplete ? Volatile.Read(ref _zone) : null;

    public void Change(Func<ClusterZone, ClusterZone> change)
    {
        lock (_gate)
        {
            Volatile.Write(ref _zone, change(_zone));
        }
    }

    public void MarkListed(ZoneFeed feed)
    {
        lock (_gate)
        {
            _listed.Add(feed);
            _isComplete = ZoneFeed.All.All(_listed.Contains);
        }
    }
}
