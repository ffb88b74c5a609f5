using Microsoft.Extensions.Logging;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Errors;
using MiniPlane.Objects.Loops;

namespace MiniPlane.Dns.Zones;

/// <summary>Keeps the zone's share of one kind current: list, then watch; list again when the watch has lost its place.</summary>
internal sealed partial class ZoneFollower(
    ZoneFeed feed, IClusterClient cluster, ZoneHolder holder, ILogger<ZoneFollower> logger, TimeProvider time)
    : BackgroundLoop(logger, time)
{
    private const int Gone = 410;

    private readonly ILogger _logger = logger;

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        KindDefinition kind = cluster.Catalogue.FindKind(feed.ApiVersion, feed.Kind)
            ?? throw new InvalidOperationException($"The catalogue has no {feed.Kind} of {feed.ApiVersion}.");
        ObjectList list = await cluster.ListAsync(kind, ListQuery.All, cancellationToken);
        holder.Change(zone => feed.Replace(zone, list.Items));
        holder.MarkListed(feed);
        try
        {
            await foreach (ClusterEvent change in cluster.WatchAsync(kind, ListQuery.All, list.Revision, cancellationToken))
            {
                Apply(change);
            }
        }
        catch (ApiException exception) when (exception.Code == Gone)
        {
            LogLostPlace(_logger, feed.Kind);
        }
    }

    private void Apply(ClusterEvent change)
    {
        if (change.Document is { } document)
        {
            holder.Change(change.Type switch
            {
                ClusterEventType.Deleted => zone => feed.Remove(zone, document.Key),
                ClusterEventType.Bookmark => zone => zone,
                _ => zone => feed.Apply(zone, document),
            });
        }
    }

    [LoggerMessage(6001, LogLevel.Information, "The watch of {Kind} for DNS lost its place; listing again")]
    private static partial void LogLostPlace(ILogger logger, string kind);
}
