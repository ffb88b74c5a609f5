using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Defaulting;

/// <summary>Defaults of dynamic resource allocation (pkg/apis/resource/v1/defaults.go).</summary>
internal static class DeviceDefaults
{
    public static void ResourceClaim(JsonObject claim) => Spec(claim.Ensure("spec"));

    public static void ResourceClaimTemplate(JsonObject template)
    {
        template.Ensure("spec", "metadata");
        Spec(template.Ensure("spec", "spec"));
    }

    private static void Spec(JsonObject spec)
    {
        foreach (JsonObject request in spec.Objects("devices", "requests"))
        {
            if (request.Object("exactly") is { } exactly)
            {
                Request(exactly);
            }

            foreach (JsonObject alternative in request.Objects("firstAvailable"))
            {
                Request(alternative);
            }
        }
    }

    private static void Request(JsonObject request)
    {
        request.DefaultText("allocationMode", "ExactCount");
        if (request.Text("allocationMode") == "ExactCount")
        {
            request.DefaultNumber("count", 1);
        }

        foreach (JsonObject toleration in request.Objects("tolerations"))
        {
            toleration.DefaultText("operator", "Equal");
        }
    }
}
