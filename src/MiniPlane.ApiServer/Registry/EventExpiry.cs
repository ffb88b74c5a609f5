using Microsoft.Extensions.Logging;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;
using MiniPlane.Objects.Loops;

namespace MiniPlane.ApiServer.Registry;

/// <summary>
/// Forgets Events a while after they were last written (kube-apiserver's <c>--event-ttl</c>). Core and events.k8s.io Events are one
/// collection, so one sweep is for both.
/// </summary>
internal sealed class EventExpiry(ObjectRegistry registry, ApiServerOptions options, ILogger<EventExpiry> logger, TimeProvider time)
    : BackgroundLoop(logger, time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    // A server with very many old events still has time for others between sweeps.
    private const int MostPerSweep = 2000;

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        KindDefinition kind = registry.Access.Catalogue.FindKind("v1", "Event")
            ?? throw new InvalidOperationException("The catalogue has no Event.");
        while (true)
        {
            TimeSpan wait = options.EventTtl < Interval ? options.EventTtl : Interval;
            await Task.Delay(wait > TimeSpan.Zero ? wait : Interval, Time, cancellationToken);
            if (options.EventTtl > TimeSpan.Zero)
            {
                await SweepAsync(kind, cancellationToken);
            }
        }
    }

    internal async Task SweepAsync(KindDefinition kind, CancellationToken cancellationToken)
    {
        DateTimeOffset limit = Time.GetUtcNow() - options.EventTtl;
        ObjectDocument[] old =
        [
            .. registry.Collections.Snapshot(kind).Range(null, null)
                .Where(document => document.Metadata.CreationTimestamp <= limit && LastWritten(document) <= limit)
                .Take(MostPerSweep),
        ];
        foreach (ObjectDocument document in old)
        {
            try
            {
                var query = new DeleteQuery { Revision = document.Revision };
                await registry.DeleteAsync(kind, document.Key, query, WriteScope.ForInternal(), cancellationToken);
            }
            catch (ApiException error) when (error.Reason is "NotFound" or "Conflict")
            {
                // Gone already, or it happened again just now.
            }
        }
    }

    // Each write notes its time in managedFields; an event that is counted up lives on.
    private static DateTimeOffset LastWritten(ObjectDocument document) => document.ToJson()
        .Objects("metadata", "managedFields")
        .Select(entry => Timestamps.Parse(entry.Text("time")))
        .Append(document.Metadata.CreationTimestamp)
        .Max() ?? document.Metadata.CreationTimestamp;
}
