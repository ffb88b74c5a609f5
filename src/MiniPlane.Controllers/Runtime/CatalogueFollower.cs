using Microsoft.Extensions.Logging;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Loops;

namespace MiniPlane.Controllers.Runtime;

/// <summary>
/// Keeps one informer for every kind that is served, custom ones too, for controllers that watch everything. Events are left out:
/// they own nothing, are owned by nothing, and there are many.
/// </summary>
internal sealed class CatalogueFollower(
    IKindCatalogue catalogue, Informers informers, bool isWanted, ILogger<CatalogueFollower> logger, TimeProvider time)
    : BackgroundLoop(logger, time)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, KindDefinition> _followed = new(StringComparer.Ordinal);

    /// <summary>
    /// The kinds that can be listed and watched, each stored collection once, and in the version that is stored: a conversion webhook
    /// that does not answer must not keep the owners of everything else waiting.
    /// </summary>
    public static IEnumerable<KindDefinition> Watchable(IKindCatalogue catalogue) => catalogue.Kinds
        .Where(IsWatchable)
        .Select(kind => kind.Custom?.Storage ?? kind)
        .DistinctBy(kind => kind.Collection, StringComparer.Ordinal);

    public static bool IsWatchable(KindDefinition kind) =>
        kind.Verbs.Contains("list", StringComparer.Ordinal) && kind.Verbs.Contains("watch", StringComparer.Ordinal) && kind.Plural != "events";

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        while (isWanted && !cancellationToken.IsCancellationRequested)
        {
            await FollowAsync(cancellationToken);
            await Task.Delay(Period, Time, cancellationToken);
        }

        await Task.Delay(Timeout.InfiniteTimeSpan, Time, cancellationToken);
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        var served = Watchable(catalogue).ToDictionary(kind => kind.Collection, StringComparer.Ordinal);
        foreach ((string collection, KindDefinition kind) in served)
        {
            if (_followed.TryAdd(collection, kind))
            {
                informers.For(kind);
            }
        }

        foreach (KindDefinition gone in _followed.Values.Where(kind => !served.ContainsKey(kind.Collection)).ToList())
        {
            await informers.RemoveAsync(gone, cancellationToken);
            _followed.Remove(gone.Collection);
        }
    }
}
