using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Validation;

/// <summary>
/// Endpoints, endpoint slices and the kinds that hand out service addresses. Loopback addresses are accepted, unlike upstream: where
/// pods share the host's network in one machine they have no others.
/// </summary>
internal static class AddressRules
{
    public const string BadAddress = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
    public const string BadRange = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)";

    private const int MostEndpoints = 1000;
    private const int MostAddresses = 100;
    private const string OnePerFamily =
        "may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/96";

    public static void Endpoints(JsonObject endpoints, FieldErrors errors)
    {
        foreach ((JsonObject subset, FieldPath field) in Checks.Items(endpoints, "subsets", ""))
        {
            if (subset.Array("addresses") is not { Count: > 0 } && subset.Array("notReadyAddresses") is not { Count: > 0 })
            {
                errors.Required(field, "must specify `addresses` or `notReadyAddresses`");
            }

            foreach (string list in (ReadOnlySpan<string>)["addresses", "notReadyAddresses"])
            {
                foreach ((JsonObject address, FieldPath addressField) in Checks.Items(subset, list, field))
                {
                    Address(address.TextOrEmpty("ip"), $"{addressField}.ip", null, errors);
                    errors.OptionalText(address, "hostname", addressField, Formats.DnsLabel);
                    errors.OptionalText(address, "nodeName", addressField, Formats.DnsSubdomain);
                }
            }

            bool needsName = subset.Array("ports") is { Count: > 1 };
            foreach ((JsonObject port, FieldPath portField) in Checks.Items(subset, "ports", field))
            {
                Port(port, portField, needsName, errors);
            }
        }
    }

    public static void Slice(JsonObject slice, FieldErrors errors)
    {
        errors.OneOf(slice, "addressType", "", isRequired: true, "FQDN", "IPv4", "IPv6");
        string type = slice.TextOrEmpty("addressType");
        if (slice.Array("endpoints") is { Count: > MostEndpoints } all)
        {
            errors.TooMany("endpoints", all.Count, MostEndpoints);
            return;
        }

        foreach ((JsonObject endpoint, FieldPath field) in Checks.Items(slice, "endpoints", ""))
        {
            int count = endpoint.Array("addresses")?.Count ?? 0;
            if (count == 0)
            {
                errors.Required($"{field}.addresses", "must contain at least 1 address");
            }
            else if (count > MostAddresses)
            {
                errors.TooMany($"{field}.addresses", count, MostAddresses);
            }

            int index = 0;
            foreach (string address in endpoint.Texts("addresses"))
            {
                Address(address, $"{field}.addresses[{index++}]", type, errors);
            }

            errors.OptionalText(endpoint, "hostname", field, Formats.DnsLabel);
            errors.OptionalText(endpoint, "nodeName", field, Formats.DnsSubdomain);
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach ((JsonObject port, FieldPath field) in Checks.Items(slice, "ports", ""))
        {
            errors.OptionalText(port, "name", field, Formats.DnsLabel);
            if (!names.Add(port.TextOrEmpty("name")))
            {
                errors.Duplicate($"{field}.name", port.TextOrEmpty("name"));
            }

            errors.OneOf(port, "protocol", field, isRequired: true, "SCTP", "TCP", "UDP");
        }
    }

    public static void SliceChange(JsonObject slice, JsonObject old, FieldErrors errors) =>
        errors.Unchanged(slice["addressType"], old["addressType"], "addressType");

    public static void IpAddress(JsonObject address, FieldErrors errors)
    {
        const string Parent = "spec.parentRef";
        if (address.Object("spec", "parentRef") is not { } parent)
        {
            errors.Required(Parent);
            return;
        }

        errors.OptionalText(parent, "group", Parent, Formats.DnsSubdomain);
        errors.RequiredText(parent, "resource", Parent, Formats.PathSegment);
        errors.RequiredText(parent, "name", Parent, Formats.PathSegment);
        errors.OptionalText(parent, "namespace", Parent, Formats.PathSegment);
    }

    public static void IpAddressChange(JsonObject address, JsonObject old, FieldErrors errors) =>
        errors.Unchanged(address.At("spec", "parentRef"), old.At("spec", "parentRef"), "spec.parentRef");

    public static void ServiceRange(JsonObject range, FieldErrors errors)
    {
        const string Field = "spec.cidrs";
        string[] ranges = [.. range.Texts("spec", "cidrs")];
        if (ranges.Length == 0)
        {
            errors.Required(Field, "at least one CIDR required");
        }
        else if (ranges.Length > 2)
        {
            errors.Invalid(Field, range.At("spec", "cidrs"), "may only hold up to 2 values");
        }
        else if (ranges.Length == 2 && !AreOfBothFamilies(ranges))
        {
            errors.Invalid(Field, range.At("spec", "cidrs"), OnePerFamily);
        }

        Ranges(ranges, Field, errors);
    }

    public static void ServiceRangeChange(JsonObject range, JsonObject old, FieldErrors errors)
    {
        string[] now = [.. range.Texts("spec", "cidrs")];
        string[] before = [.. old.Texts("spec", "cidrs")];
        if (now.Length != before.Length && !(before.Length == 1 && now.Length == 2))
        {
            errors.Invalid("spec.cidrs", range.At("spec", "cidrs"), Checks.Immutable);
            return;
        }

        for (int index = 0; index < before.Length; index++)
        {
            if (now[index] != before[index])
            {
                errors.Invalid($"spec.cidrs[{index}]", now[index], Checks.Immutable);
            }
        }
    }

    /// <summary>The pod ranges of a node.</summary>
    public static void PodRanges(JsonObject node, FieldErrors errors)
    {
        const string Field = "spec.podCIDRs";
        string[] ranges = [.. node.Texts("spec", "podCIDRs")];
        Ranges(ranges, Field, errors);
        if (ranges.Length > 2 || (ranges.Length == 2 && !AreOfBothFamilies(ranges)))
        {
            errors.Invalid(Field, node.At("spec", "podCIDRs"), "may specify no more than one CIDR for each IP family");
        }
    }

    /// <summary>Each element is an address range.</summary>
    public static void Ranges(IReadOnlyList<string> ranges, FieldPath field, FieldErrors errors)
    {
        for (int index = 0; index < ranges.Count; index++)
        {
            if (!IPNetwork.TryParse(ranges[index], out _))
            {
                errors.Invalid($"{field}[{index}]", ranges[index], BadRange);
            }
        }
    }

    private static bool AreOfBothFamilies(string[] ranges) =>
        ranges.Select(range => range.Contains(':', StringComparison.Ordinal)).Distinct().Count() == 2;

    private static void Port(JsonObject port, FieldPath path, bool needsName, FieldErrors errors)
    {
        string name = port.TextOrEmpty("name");
        if (name.Length > 0)
        {
            errors.Format(name, $"{path}.name", Formats.DnsLabel);
        }
        else if (needsName)
        {
            errors.Required($"{path}.name");
        }

        long number = port.Integer("port") ?? 0;
        if (Formats.PortNumber(number) is { } wrong)
        {
            errors.Invalid($"{path}.port", number, wrong);
        }

        errors.OneOf(port, "protocol", path, isRequired: true, "SCTP", "TCP", "UDP");
    }

    private static void Address(string text, FieldPath field, string? type, FieldErrors errors)
    {
        if (type == "FQDN")
        {
            errors.Format(text, field, Formats.DnsSubdomain);
            return;
        }

        if (!IPAddress.TryParse(text, out IPAddress? address))
        {
            errors.Invalid(field, text, BadAddress);
            return;
        }

        AddressFamily? wanted = type switch
        {
            "IPv4" => AddressFamily.InterNetwork,
            "IPv6" => AddressFamily.InterNetworkV6,
            _ => null,
        };
        if (wanted is { } family && address.AddressFamily != family)
        {
            errors.Invalid(field, text, $"must be an {type} address");
        }
        else if (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
        {
            errors.Invalid(field, text, $"may not be unspecified ({text})");
        }
        else if (address.IsIPv6LinkLocal || text.StartsWith("169.254.", StringComparison.Ordinal))
        {
            errors.Invalid(field, text, "may not be in the link-local range (169.254.0.0/16, fe80::/10)");
        }
        else if (text.StartsWith("224.0.0.", StringComparison.Ordinal) || text.StartsWith("ff02:", StringComparison.OrdinalIgnoreCase))
        {
            errors.Invalid(field, text, "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)");
        }
    }
}
