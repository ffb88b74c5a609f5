using System.Text.Json.Nodes;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Conversions;

/// <summary>core/v1 and events.k8s.io/v1 name the same things differently (pkg/apis/events/v1/conversion.go).</summary>
internal sealed class EventConversion : IVersionConversion
{
    private static readonly (string Core, string Events)[] Names =
    [
        ("involvedObject", "regarding"),
        ("message", "note"),
        ("source", "deprecatedSource"),
        ("firstTimestamp", "deprecatedFirstTimestamp"),
        ("lastTimestamp", "deprecatedLastTimestamp"),
        ("count", "deprecatedCount"),
        ("reportingComponent", "reportingController"),
    ];

    public bool Handles(KindDefinition from, KindDefinition to) =>
        from.Kind == "Event" && to.Kind == "Event" && from.Group is "" or "events.k8s.io";

    public void Convert(JsonObject obj, KindDefinition to)
    {
        foreach ((string core, string events) in Names)
        {
            (string from, string into) = to.Group.Length == 0 ? (events, core) : (core, events);
            if (obj[from] is { } value)
            {
                obj.SetCopy(into, value);
                obj.Remove(from);
            }
        }
    }
}
