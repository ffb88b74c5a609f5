using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Admission.PodSecurity;

/// <summary>The baseline level of the pod security standards: nothing that is known to open the node.</summary>
internal static class BaselineRules
{
    private static readonly string[] DefaultCapabilities =
    [
        "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP", "SETGID", "SETPCAP",
        "SETUID", "SYS_CHROOT",
    ];

    private static readonly (string Name, int Since)[] SafeSysctls =
    [
        ("kernel.shm_rmid_forced", 0), ("net.ipv4.ip_local_port_range", 0), ("net.ipv4.tcp_syncookies", 0),
        ("net.ipv4.ping_group_range", 0), ("net.ipv4.ip_unprivileged_port_start", 0), ("net.ipv4.ip_local_reserved_ports", 27),
        ("net.ipv4.tcp_keepalive_time", 29), ("net.ipv4.tcp_fin_timeout", 29), ("net.ipv4.tcp_keepalive_intvl", 29),
        ("net.ipv4.tcp_keepalive_probes", 29), ("net.ipv4.tcp_rmem", 32), ("net.ipv4.tcp_wmem", 32),
    ];

    public static Violation? Capabilities(PodFacts pod)
    {
        var added = new SortedSet<string>(StringComparer.Ordinal);
        string[] bad = pod.ContainersWhere(container =>
        {
            string[] forbidden = [.. container.Texts("securityContext", "capabilities", "add").Except(DefaultCapabilities, StringComparer.Ordinal)];
            added.UnionWith(forbidden);
            return forbidden.Length > 0;
        });
        return bad.Length == 0 ? null : new Violation(
            "non-default capabilities",
            $"{PodFacts.Name("container", bad)} must not include {PodFacts.Quote(added)} in securityContext.capabilities.add");
    }

    public static Violation? HostNamespaces(PodFacts pod)
    {
        string[] bad = [.. ((string[])["hostNetwork", "hostPID", "hostIPC"]).Where(field => pod.Spec.Flag(field) == true).Select(field => $"{field}=true")];
        return bad.Length == 0 ? null : new Violation("host namespaces", string.Join(", ", bad));
    }

    public static Violation? HostPathVolumes(PodFacts pod)
    {
        string[] bad = [.. pod.Spec.Objects("volumes").Where(volume => volume.Has("hostPath")).Select(volume => volume.TextOrEmpty("name"))];
        return bad.Length == 0 ? null : new Violation("hostPath volumes", PodFacts.Name("volume", bad));
    }

    public static Violation? HostPorts(PodFacts pod)
    {
        var ports = new SortedSet<string>(StringComparer.Ordinal);
        string[] bad = pod.ContainersWhere(container =>
        {
            string[] used = [.. container.Objects("ports").Where(port => port.Integer("hostPort") is > 0).Select(port => port["hostPort"].Compacted())];
            ports.UnionWith(used);
            return used.Length > 0;
        });
        return bad.Length == 0 ? null : new Violation(
            "hostPort",
            $"{PodFacts.Name("container", bad)} {(bad.Length == 1 ? "uses" : "use")} {PodFacts.Plural("hostPort", ports.Count)} {string.Join(", ", ports)}");
    }

    public static Violation? ProbeHosts(PodFacts pod)
    {
        if (!pod.Level.IsAtLeast(34))
        {
            return null;
        }

        var hosts = new SortedSet<string>(StringComparer.Ordinal);
        string[] bad = pod.ContainersWhere(container =>
        {
            string[] used = [.. Handlers(container).SelectMany(Hosts)];
            hosts.UnionWith(used);
            return used.Length > 0;
        });
        return bad.Length == 0 ? null : new Violation(
            "probe or lifecycle host",
            $"{PodFacts.Name("container", bad)} {(bad.Length == 1 ? "uses" : "use")} "
            + $"{PodFacts.Plural("probe or lifecycle host", hosts.Count)} {PodFacts.Quote(hosts)}");
    }

    public static Violation? PrivilegedContainers(PodFacts pod)
    {
        string[] bad = pod.ContainersWhere(container => container.Flag("securityContext", "privileged") == true);
        return bad.Length == 0 ? null : new Violation(
            "privileged", $"{PodFacts.Name("container", bad)} must not set securityContext.privileged=true");
    }

    public static Violation? ProcMount(PodFacts pod)
    {
        if (pod.HasOwnUsers && pod.Level.IsAtLeast(35) && pod.Level.Level == SecurityLevel.Baseline)
        {
            return null;
        }

        var types = new SortedSet<string>(StringComparer.Ordinal);
        string[] bad = pod.ContainersWhere(container =>
            container.Text("securityContext", "procMount") is { } type and not "Default" && (types.Add(type) || types.Contains(type)));
        return bad.Length == 0 ? null : new Violation(
            "procMount", $"{PodFacts.Name("container", bad)} must not set securityContext.procMount to {PodFacts.Quote(types)}");
    }

    public static Violation? Seccomp(PodFacts pod)
    {
        var values = new SortedSet<string>(StringComparer.Ordinal);
        bool isPod = IsBadSeccomp(pod.Spec, values);
        string[] bad = pod.ContainersWhere(container => IsBadSeccomp(container, values));
        return !isPod && bad.Length == 0 ? null : new Violation(
            "seccompProfile",
            $"{PodFacts.Setters(isPod, bad)} must not set securityContext.seccompProfile.type to {PodFacts.Quote(values)}");
    }

    public static Violation? Sysctls(PodFacts pod)
    {
        string[] bad =
        [
            .. pod.Spec.Objects("securityContext", "sysctls").Select(sysctl => sysctl.TextOrEmpty("name"))
                .Where(name => !SafeSysctls.Any(safe => safe.Name == name && pod.Level.IsAtLeast(safe.Since))),
        ];
        return bad.Length == 0 ? null : new Violation("forbidden sysctls", string.Join(", ", bad));
    }

    public static Violation? WindowsHostProcess(PodFacts pod)
    {
        bool isPod = pod.Spec.Flag("securityContext", "windowsOptions", "hostProcess") == true;
        string[] bad = pod.ContainersWhere(container => container.Flag("securityContext", "windowsOptions", "hostProcess") == true);
        return !isPod && bad.Length == 0 ? null : new Violation(
            "hostProcess", $"{PodFacts.Setters(isPod, bad)} must not set securityContext.windowsOptions.hostProcess=true");
    }

    private static bool IsBadSeccomp(JsonNode? holder, SortedSet<string> values)
    {
        bool isBad = holder.Has("securityContext", "seccompProfile")
            && holder.TextOrEmpty("securityContext", "seccompProfile", "type") is not ("RuntimeDefault" or "Localhost");
        if (isBad)
        {
            values.Add(holder.TextOrEmpty("securityContext", "seccompProfile", "type"));
        }

        return isBad;
    }

    private static IEnumerable<JsonObject> Handlers(JsonObject container)
    {
        foreach (JsonObject? handler in (JsonObject?[])
            [
                container.Object("livenessProbe"), container.Object("readinessProbe"), container.Object("startupProbe"),
                container.Object("lifecycle", "postStart"), container.Object("lifecycle", "preStop"),
            ])
        {
            if (handler is not null)
            {
                yield return handler;
            }
        }
    }

    private static IEnumerable<string> Hosts(JsonObject handler) =>
        ((string[])["httpGet", "tcpSocket"]).Select(way => handler.TextOrEmpty(way, "host")).Where(host => host.Length > 0);
}
