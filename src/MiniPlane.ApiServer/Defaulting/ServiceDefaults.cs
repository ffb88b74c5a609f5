using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Defaulting;

/// <summary>Defaults of services and of the other network objects.</summary>
internal static class ServiceDefaults
{
    private const long AffinitySeconds = 10800;

    public static void Service(JsonObject service)
    {
        JsonObject spec = service.Ensure("spec");
        spec.DefaultText("sessionAffinity", "None");
        spec.DefaultText("type", "ClusterIP");
        if (spec.Text("sessionAffinity") == "None")
        {
            spec.Remove("sessionAffinityConfig");
        }
        else if (spec.Text("sessionAffinity") == "ClientIP")
        {
            spec.Ensure("sessionAffinityConfig", "clientIP").Default("timeoutSeconds", AffinitySeconds);
        }

        foreach (JsonObject port in spec.Objects("ports"))
        {
            port.DefaultText("protocol", "TCP");
            if (!port.Has("targetPort") || port.Integer("targetPort") == 0 || port.Text("targetPort") == "")
            {
                port["targetPort"] = port["port"]?.DeepClone();
            }
        }

        string type = spec.TextOrEmpty("type");
        if (type is "NodePort" or "LoadBalancer")
        {
            spec.DefaultText("externalTrafficPolicy", "Cluster");
        }

        if (type is "ClusterIP" or "NodePort" or "LoadBalancer")
        {
            spec.Default("internalTrafficPolicy", "Cluster");
        }

        if (type == "LoadBalancer")
        {
            spec.Default("allocateLoadBalancerNodePorts", true);
        }
    }

    public static void Endpoints(JsonObject endpoints)
    {
        foreach (JsonObject subset in endpoints.Objects("subsets"))
        {
            foreach (JsonObject port in subset.Objects("ports"))
            {
                port.DefaultText("protocol", "TCP");
            }
        }
    }

    public static void EndpointSlice(JsonObject slice)
    {
        foreach (JsonObject port in slice.Objects("ports"))
        {
            port.Default("name", "");
            port.Default("protocol", "TCP");
        }
    }

    public static void NetworkPolicy(JsonObject policy)
    {
        JsonObject spec = policy.Ensure("spec");
        spec.Default("podSelector", new JsonObject());
        if (spec.Array("policyTypes") is not { Count: > 0 })
        {
            spec["policyTypes"] = spec.Array("egress") is { Count: > 0 } ? new JsonArray("Ingress", "Egress") : new JsonArray("Ingress");
        }

        foreach (JsonObject rule in spec.Objects("ingress").Concat(spec.Objects("egress")))
        {
            foreach (JsonObject port in rule.Objects("ports"))
            {
                port.Default("protocol", "TCP");
            }
        }
    }

    public static void IngressClass(JsonObject ingressClass) =>
        ingressClass.Object("spec", "parameters")?.Default("scope", "Cluster");
}
