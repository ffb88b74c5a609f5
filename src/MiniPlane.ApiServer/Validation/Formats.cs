using MiniPlane.Objects.Names;

namespace MiniPlane.ApiServer.Validation;

/// <summary>The string formats of <see cref="NameRules"/> as checks that answer null or the first thing that is wrong.</summary>
internal static class Formats
{
    public static string? DnsLabel(string value) => First(NameRules.Dns1123Label(value));

    public static string? Dns1035Label(string value) => First(NameRules.Dns1035Label(value));

    public static string? DnsSubdomain(string value) => First(NameRules.Dns1123Subdomain(value));

    /// <summary>RBAC and other names that only have to fit into a path.</summary>
    public static string? PathSegment(string value) => First(NameRules.PathSegment(value));

    /// <summary>A label key, annotation key, finalizer or resource name: <c>[prefix/]name</c>.</summary>
    public static string? QualifiedName(string value) => First(NameRules.QualifiedName(value));

    public static string? LabelValue(string value) => First(NameRules.LabelValue(value));

    /// <summary>A key of a ConfigMap or Secret.</summary>
    public static string? ConfigKey(string value) => First(NameRules.ConfigKey(value));

    public static string? EnvironmentName(string value) => First(NameRules.EnvironmentName(value));

    /// <summary>An IANA service name, as the name of a container port.</summary>
    public static string? PortName(string value) => First(NameRules.PortName(value));

    public static string? PortNumber(long port) => First(NameRules.PortNumber(port));

    /// <summary>A host of an ingress that starts with <c>*.</c>.</summary>
    public static string? WildcardDnsSubdomain(string value) => First(NameRules.WildcardSubdomain(value));

    private static string? First(IReadOnlyList<string> problems) => problems.Count > 0 ? problems[0] : null;
}
