using System.Globalization;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;
using MiniPlane.Objects.Loops;

namespace MiniPlane.Controllers.Runtime;

/// <summary>
/// Tells users what happened, as core/v1 Events. Recording never waits and never fails its caller: notes go through a bounded
/// queue, and when it is full the oldest are dropped.
/// </summary>
internal sealed partial class EventRecorder(
    IClusterClient cluster, ILogger<EventRecorder> logger, TimeProvider time) : BackgroundLoop(logger, time)
{
    private readonly Channel<EventNote> _notes = Channel.CreateBounded<EventNote>(
        new BoundedChannelOptions(1000) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest });

    private readonly EventCorrelator _correlator = new();

    private KindDefinition EventKind => field ??= cluster.Catalogue.FindResource("", "v1", "events")
        ?? throw new InvalidOperationException("The catalogue lacks events.");

    public void Normal(KindDefinition kind, ObjectDocument regarding, string reason, string message, string component) =>
        Record(kind, regarding, "Normal", reason, message, component);

    public void Warning(KindDefinition kind, ObjectDocument regarding, string reason, string message, string component) =>
        Record(kind, regarding, "Warning", reason, message, component);

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        await foreach (EventNote note in _notes.Reader.ReadAllAsync(cancellationToken))
        {
            if (_correlator.Take(note) is not { } taken)
            {
                continue;
            }

            try
            {
                await WriteAsync(taken.Note, taken.Event, cancellationToken);
            }
            catch (ApiException exception)
            {
                // Typically the namespace is being deleted; an Event is not worth a retry.
                LogNotWritten(logger, note.Reason, note.Regarding.Key, exception.Message);
            }
        }
    }

    private void Record(
        KindDefinition kind, ObjectDocument regarding, string type, string reason, string message, string component) =>
        _notes.Writer.TryWrite(new EventNote(kind, regarding, type, reason, message, component, Time.GetUtcNow()));

    private async Task WriteAsync(EventNote note, EventCorrelator.Known known, CancellationToken cancellationToken)
    {
        if (known.Key is { } key && await TryRaiseCountAsync(key, note, known, cancellationToken))
        {
            return;
        }

        known.Count = known.Key is null ? known.Count : 1;
        ObjectDocument created = await cluster.CreateAsync(EventKind, Body(note, known), cancellationToken);
        known.Key = created.Key;
    }

    private async Task<bool> TryRaiseCountAsync(
        ObjectKey key, EventNote note, EventCorrelator.Known known, CancellationToken cancellationToken)
    {
        var patch = new JsonObject
        {
            ["count"] = known.Count,
            ["lastTimestamp"] = ApiTime.Format(note.Time),
            ["message"] = note.Message,
        };
        try
        {
            await cluster.PatchAsync(EventKind, key, PatchType.Merge, patch, subresource: null, cancellationToken);
            return true;
        }
        catch (ApiException exception) when (exception.Code == 404)
        {
            return false;
        }
    }

    private static JsonObject Body(EventNote note, EventCorrelator.Known known)
    {
        string space = note.Regarding.Metadata.Namespace is { Length: > 0 } name ? name : "default";
        string stamp = (note.Time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks).ToString("x", CultureInfo.InvariantCulture);
        return new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Event",
            ["metadata"] = new JsonObject
            {
                ["namespace"] = space,
                ["generateName"] = $"{note.Regarding.Metadata.Name}.{stamp}",
            },
            ["involvedObject"] = new JsonObject
            {
                ["apiVersion"] = note.Kind.ApiVersion,
                ["kind"] = note.Kind.Kind,
                ["namespace"] = note.Regarding.Metadata.Namespace,
                ["name"] = note.Regarding.Metadata.Name,
                ["uid"] = note.Regarding.Metadata.Uid,
                ["resourceVersion"] = note.Regarding.ResourceVersion,
            },
            ["reason"] = note.Reason,
            ["message"] = note.Message.Length <= 1024 ? note.Message : note.Message[..1024],
            ["source"] = new JsonObject { ["component"] = note.Component },
            ["reportingComponent"] = note.Component,
            ["reportingInstance"] = "",
            ["type"] = note.Type,
            ["count"] = known.Count,
            ["firstTimestamp"] = ApiTime.Format(known.First),
            ["lastTimestamp"] = ApiTime.Format(note.Time),
        };
    }

    [LoggerMessage(4005, LogLevel.Debug, "Event {Reason} about {Key} was not written: {Cause}")]
    private static partial void LogNotWritten(ILogger logger, string reason, ObjectKey key, string cause);
}
