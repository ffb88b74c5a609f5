using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Tables;

/// <summary>The row of a horizontal pod autoscaler; its targets are "what it is / what it should be".</summary>
internal static class AutoscalerPrinter
{
    private const int MostShown = 2;

    public static JsonArray Print(JsonObject autoscaler, DateTimeOffset now) => Cell.Row(
        Cell.Name(autoscaler),
        $"{autoscaler.TextOrEmpty("spec", "scaleTargetRef", "kind")}/{autoscaler.TextOrEmpty("spec", "scaleTargetRef", "name")}",
        Targets(autoscaler),
        autoscaler.Integer("spec", "minReplicas") is { } least ? Cell.Number(least) : Cell.Unset,
        autoscaler.Integer("spec", "maxReplicas") ?? 0,
        autoscaler.Integer("status", "currentReplicas") ?? 0,
        Cell.Age(autoscaler, now));

    private static string Targets(JsonObject autoscaler)
    {
        if (autoscaler.Integer("spec", "targetCPUUtilizationPercentage") is { } wanted)
        {
            string current = autoscaler.Integer("status", "currentCPUUtilizationPercentage") is { } percent
                ? Cell.Number(percent) + "%"
                : Cell.Unknown;
            return $"cpu: {current}/{Cell.Number(wanted)}%";
        }

        JsonObject[] currents = [.. autoscaler.Objects("status", "currentMetrics")];
        string[] all = [.. autoscaler.Objects("spec", "metrics").Select((metric, index) => Target(metric, currents.ElementAtOrDefault(index)))];
        if (all.Length == 0)
        {
            return Cell.None;
        }

        string shown = string.Join(", ", all.Take(MostShown));
        return all.Length > MostShown ? $"{shown} + {Cell.Number(all.Length - MostShown)} more..." : shown;
    }

    private static string Target(JsonObject metric, JsonObject? status)
    {
        string type = metric.TextOrEmpty("type");
        if (type.Length == 0)
        {
            return "<unknown type>";
        }

        string source = char.ToLowerInvariant(type[0]) + type[1..];
        JsonObject? target = metric.Object(source, "target");
        JsonObject? current = status.Object(source, "current");
        string name = type is "Resource" or "ContainerResource" ? metric.TextOrEmpty(source, "name") + ": " : "";
        if (target.Integer("averageUtilization") is { } utilization)
        {
            string now = current.Integer("averageUtilization") is { } percent ? Cell.Number(percent) + "%" : Cell.Unknown;
            return $"{name}{now}/{Cell.Number(utilization)}%";
        }

        bool isAverage = target.Has("averageValue");
        string field = isAverage ? "averageValue" : "value";
        string value = current.Has(field) ? Cell.Scalar(current.At(field)) : Cell.Unknown;
        string suffix = isAverage && type is ("Object" or "External") ? " (avg)" : "";
        return $"{name}{value}/{Cell.Scalar(target.At(field))}{suffix}";
    }
}
