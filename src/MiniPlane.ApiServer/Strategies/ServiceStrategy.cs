using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Strategies;

/// <summary>
/// Services are headless by design: names are the load balancer. Every service that is not an ExternalName has no address of its own,
/// and NodePort and LoadBalancer become ClusterIP, the wish remembered in an annotation.
/// </summary>
internal static class ServiceStrategy
{
    /// <summary>What the client asked for.</summary>
    public const string OriginalTypeAnnotation = "miniplane.io/original-service-type";

    private const string None = "None";

    private static readonly string[] FieldsOfOtherTypes =
    [
        "externalTrafficPolicy", "healthCheckNodePort", "allocateLoadBalancerNodePorts", "loadBalancerIP", "loadBalancerClass",
        "loadBalancerSourceRanges",
    ];

    private static readonly string[] AddressFields = ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"];

    public static void PrepareForCreate(JsonObject service) => MakeHeadless(service);

    public static void PrepareForUpdate(JsonObject service, JsonObject old)
    {
        JsonObject spec = service.Ensure("spec");
        foreach (string field in (ReadOnlySpan<string>)["ipFamilies", "ipFamilyPolicy"])
        {
            spec.SetCopy(field, spec[field] ?? old.At("spec", field));
        }

        MakeHeadless(service);
    }

    /// <summary>Converts in place. Returns a text for the user when something that was asked for is not given.</summary>
    public static string? MakeHeadless(JsonObject service)
    {
        JsonObject spec = service.Ensure("spec");
        string type = spec.TextOrEmpty("type");
        if (type == "ExternalName")
        {
            foreach (string field in AddressFields)
            {
                spec.Remove(field);
            }

            return null;
        }

        string? warning = null;
        if (type is "NodePort" or "LoadBalancer")
        {
            service.Ensure("metadata", "annotations")[OriginalTypeAnnotation] = type;
            spec["type"] = "ClusterIP";
            warning = $"spec.type: {type} services are made headless ClusterIP services in this cluster; reach the pods by DNS name";
        }

        // Without such a wish these fields are the client's mistake, which validation names.
        if (service.Has("metadata", "annotations", OriginalTypeAnnotation))
        {
            foreach (string field in FieldsOfOtherTypes)
            {
                spec.Remove(field);
            }

            foreach (JsonObject port in spec.Objects("ports"))
            {
                port.Remove("nodePort");
            }
        }

        spec["clusterIP"] = None;
        spec["clusterIPs"] = new JsonArray(None);
        spec.Default("internalTrafficPolicy", "Cluster");
        Families(spec);
        return warning;
    }

    /// <summary>Without a selector the endpoints are the user's, of either family (pkg/registry/core/service/storage/alloc.go).</summary>
    private static void Families(JsonObject spec)
    {
        bool hasSelector = spec.Object("selector") is { Count: > 0 };
        spec.Default("ipFamilyPolicy", hasSelector ? "SingleStack" : "RequireDualStack");
        if (spec.Array("ipFamilies") is { Count: > 0 } families)
        {
            if (!hasSelector && families.Count == 1 && spec.Text("ipFamilyPolicy") != "SingleStack")
            {
                families.Add((JsonNode)(families[0].Text() == "IPv6" ? "IPv4" : "IPv6"));
            }

            return;
        }

        spec["ipFamilies"] = !hasSelector && spec.Text("ipFamilyPolicy") != "SingleStack"
            ? new JsonArray("IPv4", "IPv6")
            : new JsonArray("IPv4");
    }
}
