using System.Net;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Validation;

/// <summary>Services and endpoint slices. All services are headless here, so ports may be missing and no address is checked.</summary>
internal static class ServiceRules
{
    public static void Service(JsonObject service, FieldErrors errors)
    {
        JsonObject spec = service.Object("spec") ?? [];
        var names = new HashSet<string>(StringComparer.Ordinal);
        var numbers = new HashSet<(string, long)>();
        bool needsName = spec.Array("ports") is { Count: > 1 };
        foreach ((JsonObject port, string field) in Checks.Items(spec, "ports", "spec"))
        {
            Port(port, field, needsName, names, errors);
            if (!numbers.Add((port.TextOrEmpty("protocol"), port.Integer("port") ?? 0)))
            {
                errors.Duplicate(
                    field, new JsonObject { ["protocol"] = port["protocol"]?.DeepClone(), ["port"] = port["port"]?.DeepClone() });
            }
        }

        MetadataValidation.Labels(spec["selector"], "spec.selector", errors);
        errors.OneOf(spec, "sessionAffinity", "spec", isRequired: true, "ClientIP", "None");
        if (spec.Integer("sessionAffinityConfig", "clientIP", "timeoutSeconds") is { } seconds and (<= 0 or > 86400))
        {
            errors.Invalid(
                "spec.sessionAffinityConfig.clientIP.timeoutSeconds", seconds, "must be greater than 0 and less than 86400");
        }

        errors.OneOf(spec, "type", "spec", isRequired: true, "ClusterIP", "ExternalName", "LoadBalancer", "NodePort");
        if (spec.Text("type") == "ExternalName")
        {
            ExternalName(spec, errors);
        }

        ExternalAddresses(spec, errors);
        errors.OneOf(spec, "internalTrafficPolicy", "spec", isRequired: false, "Cluster", "Local");
        errors.OneOf(spec, "ipFamilyPolicy", "spec", isRequired: false, "PreferDualStack", "RequireDualStack", "SingleStack");
    }

    public static void EndpointSlice(JsonObject slice, FieldErrors errors)
    {
        errors.OneOf(slice, "addressType", "", isRequired: true, "FQDN", "IPv4", "IPv6");
        foreach ((JsonObject endpoint, string field) in Checks.Items(slice, "endpoints", ""))
        {
            if (endpoint.Array("addresses") is not { Count: > 0 })
            {
                errors.Required($"{field}.addresses", "must contain at least 1 address");
            }
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach ((JsonObject port, string field) in Checks.Items(slice, "ports", ""))
        {
            if (!names.Add(port.TextOrEmpty("name")))
            {
                errors.Duplicate($"{field}.name", port.TextOrEmpty("name"));
            }
        }
    }

    public static void EndpointSliceChange(JsonObject slice, JsonObject old, FieldErrors errors) =>
        errors.Unchanged(slice["addressType"], old["addressType"], "addressType");

    public static void NetworkPolicy(JsonObject policy, FieldErrors errors)
    {
        SelectorRules.Validate(policy.At("spec", "podSelector"), "spec.podSelector", errors);
        foreach ((string direction, string peers) in (ReadOnlySpan<(string, string)>)[("ingress", "from"), ("egress", "to")])
        {
            foreach ((JsonObject rule, string field) in Checks.Items(policy.Object("spec"), direction, "spec"))
            {
                foreach ((JsonObject port, string portField) in Checks.Items(rule, "ports", field))
                {
                    errors.OneOf(port, "protocol", portField, isRequired: false, "SCTP", "TCP", "UDP");
                    if (port.Has("port"))
                    {
                        errors.Port(port["port"], $"{portField}.port");
                    }
                }

                foreach ((JsonObject peer, string peerField) in Checks.Items(rule, peers, field))
                {
                    Peer(peer, peerField, errors);
                }
            }
        }
    }

    private static void Peer(JsonObject peer, string path, FieldErrors errors)
    {
        int count = peer.Count(item => item.Value is not null);
        if (count == 0)
        {
            errors.Required(path, "must specify a peer");
        }
        else if (count > 1 && peer.Has("ipBlock"))
        {
            errors.Forbidden(path, "may not specify both ipBlock and another peer");
        }

        SelectorRules.Validate(peer["podSelector"], $"{path}.podSelector", errors);
        SelectorRules.Validate(peer["namespaceSelector"], $"{path}.namespaceSelector", errors);
        if (peer.Object("ipBlock") is { } block && errors.RequiredText(block, "cidr", $"{path}.ipBlock")
            && !IPNetwork.TryParse(block.TextOrEmpty("cidr"), out _))
        {
            errors.Invalid($"{path}.ipBlock.cidr", block.TextOrEmpty("cidr"), "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)");
        }
    }

    private static void Port(JsonObject port, string path, bool needsName, HashSet<string> names, FieldErrors errors)
    {
        string name = port.TextOrEmpty("name");
        if (name.Length == 0)
        {
            if (needsName)
            {
                errors.Required($"{path}.name");
            }
        }
        else
        {
            errors.Format(name, $"{path}.name", Formats.DnsLabel);
            if (!names.Add(name))
            {
                errors.Duplicate($"{path}.name", name);
            }
        }

        long number = port.Integer("port") ?? 0;
        if (Formats.PortNumber(number) is { } wrong)
        {
            errors.Invalid($"{path}.port", number, wrong);
        }

        errors.OneOf(port, "protocol", path, isRequired: true, "SCTP", "TCP", "UDP");
        if (port.Has("targetPort") && port.Integer("targetPort") != number)
        {
            errors.Port(port["targetPort"], $"{path}.targetPort");
        }
    }

    private static void ExternalName(JsonObject spec, FieldErrors errors)
    {
        string name = spec.TextOrEmpty("externalName");
        if (name.Length == 0)
        {
            errors.Required("spec.externalName");
        }
        else
        {
            errors.Format(name.EndsWith('.') ? name[..^1] : name, "spec.externalName", Formats.DnsSubdomain);
        }
    }

    private static void ExternalAddresses(JsonObject spec, FieldErrors errors)
    {
        int index = 0;
        foreach (string address in spec.Texts("externalIPs"))
        {
            if (!IPAddress.TryParse(address, out _))
            {
                errors.Invalid(
                    $"spec.externalIPs[{index}]", address, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
            }

            index++;
        }
    }
}
