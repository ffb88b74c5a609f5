using System.Text.Json.Nodes;

namespace MiniPlane.ApiServer.Admission.PodSecurity;

/// <summary>
/// Which rules a level means, in upstream's order: baseline ones by name, then restricted ones by name; a restricted rule takes the
/// place of the milder one about the same thing.
/// </summary>
internal static class SecurityRules
{
    private delegate Violation? Rule(PodFacts pod);

    private static readonly Rule[] Baseline =
    [
        LabelRules.AppArmor, BaselineRules.Capabilities, BaselineRules.HostNamespaces, BaselineRules.HostPathVolumes, BaselineRules.HostPorts,
        BaselineRules.ProbeHosts, BaselineRules.PrivilegedContainers, BaselineRules.ProcMount, LabelRules.SeLinux, BaselineRules.Seccomp,
        BaselineRules.Sysctls, BaselineRules.WindowsHostProcess,
    ];

    private static readonly Rule[] Restricted =
    [
        LabelRules.AppArmor, BaselineRules.HostNamespaces, BaselineRules.HostPorts, BaselineRules.ProbeHosts,
        BaselineRules.PrivilegedContainers, LabelRules.SeLinux, BaselineRules.Sysctls, BaselineRules.WindowsHostProcess,
        RestrictedRules.PrivilegeEscalation, RestrictedRules.Capabilities, BaselineRules.ProcMount, RestrictedRules.Volumes,
        RestrictedRules.RunAsNonRoot, RestrictedRules.RunAsUser, RestrictedRules.Seccomp,
    ];

    public static IReadOnlyList<Violation> Check(SecurityLevel level, JsonNode? metadata, JsonNode? spec)
    {
        if (level.IsPrivileged)
        {
            return [];
        }

        var pod = new PodFacts(level, metadata, spec);
        Rule[] rules = level.Level == SecurityLevel.Baseline ? Baseline : Restricted;
        return [.. rules.Select(rule => rule(pod)).OfType<Violation>()];
    }
}
