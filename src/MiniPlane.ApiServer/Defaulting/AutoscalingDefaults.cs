using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Defaulting;

/// <summary>Defaults of horizontal pod autoscalers (pkg/apis/autoscaling/v2/defaults.go).</summary>
internal static class AutoscalingDefaults
{
    private const long CpuUtilization = 80;

    public static void HorizontalPodAutoscalerV1(JsonObject autoscaler) => autoscaler.Ensure("spec").Default("minReplicas", 1);

    public static void HorizontalPodAutoscaler(JsonObject autoscaler)
    {
        JsonObject spec = autoscaler.Ensure("spec");
        spec.Default("minReplicas", 1);
        if (spec.Array("metrics") is not { Count: > 0 })
        {
            spec["metrics"] = new JsonArray(CpuMetric());
        }

        if (spec.Object("behavior") is { } behavior)
        {
            JsonObject up = behavior.Ensure("scaleUp");
            up.Default("stabilizationWindowSeconds", 0);
            Rules(up, new JsonArray(Policy("Pods", 4), Policy("Percent", 100)));
            Rules(behavior.Ensure("scaleDown"), new JsonArray(Policy("Percent", 100)));
        }
    }

    private static JsonObject CpuMetric() => new()
    {
        ["resource"] = new JsonObject
        {
            ["name"] = "cpu",
            ["target"] = new JsonObject { ["averageUtilization"] = CpuUtilization, ["type"] = "Utilization" },
        },
        ["type"] = "Resource",
    };

    private static void Rules(JsonObject rules, JsonArray policies)
    {
        rules.Default("selectPolicy", "Max");
        rules.Default("policies", policies);
    }

    private static JsonObject Policy(string type, int value) =>
        new() { ["type"] = type, ["value"] = value, ["periodSeconds"] = 15 };
}
