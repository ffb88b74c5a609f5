using System.Text.Json.Nodes;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Conversions;

/// <summary>
/// autoscaling/v1 knows one metric, the average CPU utilisation; everything else rides in annotations
/// (pkg/apis/autoscaling/v1/conversion.go).
/// </summary>
internal sealed class HorizontalPodAutoscalerConversion : IVersionConversion
{
    private const string MetricsAnnotation = "autoscaling.alpha.kubernetes.io/metrics";
    private const string BehaviorAnnotation = "autoscaling.alpha.kubernetes.io/behavior";
    private const string ConditionsAnnotation = "autoscaling.alpha.kubernetes.io/conditions";
    private const string CurrentAnnotation = "autoscaling.alpha.kubernetes.io/current-metrics";

    public bool Handles(KindDefinition from, KindDefinition to) => from.Group == "autoscaling" && to.Group == "autoscaling";

    public void Convert(JsonObject obj, KindDefinition to)
    {
        if (to.Version == "v1")
        {
            Simplify(obj, "spec", "metrics", MetricsAnnotation, "targetCPUUtilizationPercentage");
            Simplify(obj, "status", "currentMetrics", CurrentAnnotation, "currentCPUUtilizationPercentage");
            Hide(obj, "spec", "behavior", BehaviorAnnotation);
            Hide(obj, "status", "conditions", ConditionsAnnotation);
            return;
        }

        Restore(obj, "spec", "metrics", MetricsAnnotation);
        Restore(obj, "status", "currentMetrics", CurrentAnnotation);
        Restore(obj, "spec", "behavior", BehaviorAnnotation);
        Restore(obj, "status", "conditions", ConditionsAnnotation);
        Widen(obj, "spec", "targetCPUUtilizationPercentage", "metrics", "target");
        Widen(obj, "status", "currentCPUUtilizationPercentage", "currentMetrics", "current");
    }

    private static void Simplify(JsonObject obj, string part, string list, string annotation, string simple)
    {
        if (obj.Object(part) is not { } section || section.Array(list) is not { } metrics)
        {
            return;
        }

        string value = part == "spec" ? "target" : "current";
        JsonObject? cpu = metrics.OfType<JsonObject>().FirstOrDefault(metric => IsCpuUtilization(metric, value));
        if (cpu is not null)
        {
            section[simple] = cpu.Integer("resource", value, "averageUtilization");
            metrics.Remove(cpu);
        }

        if (metrics.Count > 0)
        {
            obj.Ensure("metadata", "annotations")[annotation] = metrics.Compacted();
        }

        section.Remove(list);
    }

    private static bool IsCpuUtilization(JsonObject metric, string value) =>
        metric.Text("type") == "Resource"
        && metric.Text("resource", "name") == "cpu"
        && metric.Has("resource", value, "averageUtilization");

    private static void Hide(JsonObject obj, string part, string field, string annotation)
    {
        if (obj.Object(part) is { } section && section[field] is { } value)
        {
            obj.Ensure("metadata", "annotations")[annotation] = value.Compacted();
            section.Remove(field);
        }
    }

    private static void Restore(JsonObject obj, string part, string field, string annotation)
    {
        if (obj.Text("metadata", "annotations", annotation) is not { } text)
        {
            return;
        }

        try
        {
            obj.Ensure(part)[field] = JsonNode.Parse(text);
        }
        catch (System.Text.Json.JsonException)
        {
            // As upstream: an annotation that someone broke is dropped, not an error.
        }

        obj.Ensure("metadata", "annotations").Remove(annotation);
        if (obj.Object("metadata", "annotations") is { Count: 0 })
        {
            obj.Ensure("metadata").Remove("annotations");
        }
    }

    private static void Widen(JsonObject obj, string part, string simple, string list, string value)
    {
        if (obj.Object(part) is not { } section || section.Integer(simple) is not { } utilization)
        {
            return;
        }

        var resource = new JsonObject { ["name"] = "cpu" };
        var target = new JsonObject { ["averageUtilization"] = utilization };
        if (value == "target")
        {
            target["type"] = "Utilization";
        }

        resource[value] = target;
        section.EnsureArray(list).Insert(0, new JsonObject { ["type"] = "Resource", ["resource"] = resource });
        section.Remove(simple);
    }
}
