using System.Collections.Frozen;
using MiniPlane.Objects.Catalogue;

namespace MiniPlane.ApiServer.Validation;

/// <summary>How objects of each kind may be named; most are DNS subdomains.</summary>
internal static class NameFormats
{
    private static readonly FrozenDictionary<string, Func<string, string?>> ByKind = new Dictionary<string, Func<string, string?>>(
        StringComparer.Ordinal)
    {
        ["Namespace"] = Formats.DnsLabel,
        // RelaxedServiceNameValidation is on since 1.36: a service may start with a digit.
        ["Service"] = Formats.DnsLabel,
        ["Role.rbac.authorization.k8s.io"] = Formats.PathSegment,
        ["ClusterRole.rbac.authorization.k8s.io"] = Formats.PathSegment,
        ["RoleBinding.rbac.authorization.k8s.io"] = Formats.PathSegment,
        ["ClusterRoleBinding.rbac.authorization.k8s.io"] = Formats.PathSegment,
        ["CertificateSigningRequest.certificates.k8s.io"] = Formats.PathSegment,
        ["ControllerRevision.apps"] = Formats.DnsSubdomain,
        ["IPAddress.networking.k8s.io"] = IpAddress,
        ["StatefulSet.apps"] = Formats.DnsSubdomain,
        ["FlowSchema.flowcontrol.apiserver.k8s.io"] = Formats.PathSegment,
        ["PriorityLevelConfiguration.flowcontrol.apiserver.k8s.io"] = Formats.PathSegment,
        ["APIService.apiregistration.k8s.io"] = Formats.PathSegment,
        ["CSINode.storage.k8s.io"] = Formats.DnsSubdomain,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static Func<string, string?> For(KindDefinition kind) =>
        ByKind.GetValueOrDefault(kind.Group.Length == 0 ? kind.Kind : $"{kind.Kind}.{kind.Group}", Formats.DnsSubdomain);

    private static string? IpAddress(string name) =>
        System.Net.IPAddress.TryParse(name, out System.Net.IPAddress? address) && address.ToString() == name
            ? null
            : "must be an IP address in canonical form";
}
