using System.Net;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Validation;

/// <summary>Services and network policies. All services are headless here, so ports may be missing and no address is checked.</summary>
internal static class ServiceRules
{
    public static void Service(JsonObject service, FieldErrors errors)
    {
        JsonObject spec = service.Object("spec") ?? [];
        var names = new HashSet<string>(StringComparer.Ordinal);
        var numbers = new HashSet<(string, long)>();
        bool needsName = spec.Array("ports") is { Count: > 1 };
        foreach ((JsonObject port, FieldPath field) in Checks.Items(spec, "ports", "spec"))
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

        External(spec, errors);
        ExternalAddresses(spec, errors);
        errors.OneOf(spec, "internalTrafficPolicy", "spec", isRequired: false, "Cluster", "Local");
        errors.OneOf(spec, "trafficDistribution", "spec", isRequired: false, "PreferClose", "PreferSameNode", "PreferSameZone");
        errors.OneOf(spec, "ipFamilyPolicy", "spec", isRequired: false, "PreferDualStack", "RequireDualStack", "SingleStack");
    }

    public static void NetworkPolicy(JsonObject policy, FieldErrors errors)
    {
        SelectorRules.Validate(policy.At("spec", "podSelector"), "spec.podSelector", errors);
        if (policy.Array("spec", "policyTypes") is { Count: > 2 })
        {
            errors.Forbidden("spec.policyTypes", "may not specify more than two policyTypes");
            return;
        }

        foreach ((string direction, string peers) in (ReadOnlySpan<(string, string)>)[("ingress", "from"), ("egress", "to")])
        {
            foreach ((JsonObject rule, FieldPath field) in Checks.Items(policy.Object("spec"), direction, "spec"))
            {
                foreach ((JsonObject port, FieldPath portField) in Checks.Items(rule, "ports", field))
                {
                    errors.OneOf(port, "protocol", portField, isRequired: false, "SCTP", "TCP", "UDP");
                    if (port.Has("port"))
                    {
                        errors.Port(port["port"], $"{portField}.port");
                    }

                    EndPort(port, portField, errors);
                }

                foreach ((JsonObject peer, FieldPath peerField) in Checks.Items(rule, peers, field))
                {
                    Peer(peer, peerField, errors);
                }
            }
        }
    }

    // What only services reachable from outside have. Those became plain ones before, and lost these fields.
    private static void External(JsonObject spec, FieldErrors errors)
    {
        if (spec.TextOrEmpty("externalTrafficPolicy") is { Length: > 0 } policy)
        {
            errors.Invalid("spec.externalTrafficPolicy", policy, "may only be set for externally-accessible services");
        }

        foreach (string name in (ReadOnlySpan<string>)["allocateLoadBalancerNodePorts", "loadBalancerClass", "loadBalancerSourceRanges"])
        {
            if (spec.Has(name))
            {
                errors.Forbidden($"spec.{name}", "may only be used when `type` is 'LoadBalancer'");
            }
        }

        foreach ((JsonObject port, FieldPath field) in Checks.Items(spec, "ports", "spec"))
        {
            if (port.Integer("nodePort") is > 0)
            {
                errors.Forbidden($"{field}.nodePort", $"may not be used when `type` is '{spec.TextOrEmpty("type")}'");
            }
        }
    }

    private static void EndPort(JsonObject port, FieldPath path, FieldErrors errors)
    {
        if (port.Integer("endPort") is not { } end)
        {
            return;
        }

        if (!port.Has("port"))
        {
            errors.Required($"{path}.port", "must be specified when `endPort` is specified");
        }
        else if (port.Integer("port") is not { } first)
        {
            errors.Invalid($"{path}.endPort", end, "may not be specified when `port` is non-numeric");
        }
        else if (end < first)
        {
            errors.Invalid($"{path}.endPort", end, "must be greater than or equal to `port`");
        }
    }

    private static void Peer(JsonObject peer, FieldPath path, FieldErrors errors)
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
        if (peer.Object("ipBlock") is { } block && errors.RequiredText(block, "cidr", $"{path}.ipBlock"))
        {
            Block(block, $"{path}.ipBlock", errors);
        }
    }

    private static void Block(JsonObject block, FieldPath path, FieldErrors errors)
    {
        if (!IPNetwork.TryParse(block.TextOrEmpty("cidr"), out IPNetwork whole))
        {
            errors.Invalid($"{path}.cidr", block.TextOrEmpty("cidr"), AddressRules.BadRange);
            return;
        }

        int index = 0;
        foreach (string except in block.Texts("except"))
        {
            FieldPath field = $"{path}.except[{index++}]";
            if (!IPNetwork.TryParse(except, out IPNetwork part))
            {
                errors.Invalid(field, except, AddressRules.BadRange);
            }
            else if (part.PrefixLength <= whole.PrefixLength || !whole.Contains(part.BaseAddress))
            {
                errors.Invalid(field, except, "must be a strict subset of `cidr`");
            }
        }
    }

    private static void Port(JsonObject port, FieldPath path, bool needsName, HashSet<string> names, FieldErrors errors)
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
            FieldPath field = $"spec.externalIPs[{index}]";
            if (!IPAddress.TryParse(address, out IPAddress? parsed))
            {
                errors.Invalid(field, address, AddressRules.BadAddress);
            }
            else if (IPAddress.IsLoopback(parsed))
            {
                errors.Invalid(field, address, "may not be in the loopback range (127.0.0.0/8, ::1/128)");
            }

            index++;
        }
    }
}
