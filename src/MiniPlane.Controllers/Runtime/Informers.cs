using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Cluster;

namespace MiniPlane.Controllers.Runtime;

/// <summary>All informers of this process: one per stored collection, made when first asked for.</summary>
internal sealed class Informers(IClusterClient cluster, ILogger<Informer> logger, TimeProvider time)
    : IHostedService, IDisposable
{
    // Guards the fields below. Starting an informer only schedules its loop.
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Informer> _byCollection = new(StringComparer.Ordinal);
    private readonly List<Action<ObjectChange>> _everywhere = [];
    private bool _started;

    public IReadOnlyList<Informer> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _byCollection.Values];
            }
        }
    }

    /// <summary>The informer of a kind. One that is made after the start starts at once.</summary>
    public Informer For(KindDefinition kind)
    {
        lock (_gate)
        {
            if (!_byCollection.TryGetValue(kind.Collection, out Informer? informer))
            {
                informer = new Informer(kind, cluster, logger, time);
                _everywhere.ForEach(informer.AddHandler);
                _byCollection[kind.Collection] = informer;
                if (_started)
                {
                    _ = informer.StartAsync(CancellationToken.None);
                }
            }

            return informer;
        }
    }

    /// <summary>The informer of a kind if there is one.</summary>
    public Informer? Find(KindDefinition kind)
    {
        lock (_gate)
        {
            return _byCollection.GetValueOrDefault(kind.Collection);
        }
    }

    /// <summary>Listens to every kind that has, or will get, an informer. To be called before the start.</summary>
    public void AddHandlerEverywhere(Action<ObjectChange> handler)
    {
        lock (_gate)
        {
            _everywhere.Add(handler);
            foreach (Informer informer in _byCollection.Values)
            {
                informer.AddHandler(handler);
            }
        }
    }

    /// <summary>Stops and forgets informers whose kind is no longer served.</summary>
    public async Task RemoveAsync(KindDefinition kind, CancellationToken cancellationToken)
    {
        Informer? informer;
        lock (_gate)
        {
            _byCollection.Remove(kind.Collection, out informer);
        }

        if (informer is not null)
        {
            await informer.StopAsync(cancellationToken);
            informer.Dispose();
        }
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<Informer> informers;
        lock (_gate)
        {
            _started = true;
            informers = [.. _byCollection.Values];
        }

        foreach (Informer informer in informers)
        {
            await informer.StartAsync(cancellationToken);
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken) =>
        await Task.WhenAll(All.Select(informer => informer.StopAsync(cancellationToken)));

    public void Dispose()
    {
        foreach (Informer informer in All)
        {
            informer.Dispose();
        }
    }
}
