using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Admission.PodSecurity;

/// <summary>The restricted level of the pod security standards: what hardened workloads look like.</summary>
internal static class RestrictedRules
{
    private static readonly string[] AllowedVolumes =
        ["configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "image", "persistentVolumeClaim", "projected", "secret"];

    public static Violation? PrivilegeEscalation(PodFacts pod)
    {
        if (Excuses(pod))
        {
            return null;
        }

        string[] bad = pod.ContainersWhere(container => container.Flag("securityContext", "allowPrivilegeEscalation") != false);
        return bad.Length == 0 ? null : new Violation(
            "allowPrivilegeEscalation != false",
            $"{PodFacts.Name("container", bad)} must set securityContext.allowPrivilegeEscalation=false");
    }

    public static Violation? Capabilities(PodFacts pod)
    {
        if (Excuses(pod))
        {
            return null;
        }

        var added = new SortedSet<string>(StringComparer.Ordinal);
        string[] keeping = pod.ContainersWhere(container =>
            !container.Texts("securityContext", "capabilities", "drop").Contains("ALL", StringComparer.Ordinal));
        string[] adding = pod.ContainersWhere(container =>
        {
            string[] forbidden = [.. container.Texts("securityContext", "capabilities", "add").Where(one => one != "NET_BIND_SERVICE")];
            added.UnionWith(forbidden);
            return forbidden.Length > 0;
        });
        string[] details =
        [
            .. keeping.Length > 0
                ? (string[])[$"{PodFacts.Name("container", keeping)} must set securityContext.capabilities.drop=[\"ALL\"]"]
                : [],
            .. adding.Length > 0
                ? (string[])[$"{PodFacts.Name("container", adding)} must not include {PodFacts.Quote(added)} in securityContext.capabilities.add"]
                : [],
        ];
        return details.Length == 0 ? null : new Violation("unrestricted capabilities", string.Join("; ", details));
    }

    public static Violation? Volumes(PodFacts pod)
    {
        var types = new SortedSet<string>(StringComparer.Ordinal);
        var bad = new List<string>();
        foreach (JsonObject volume in pod.Spec.Objects("volumes"))
        {
            string type = volume.Where(field => field.Key != "name" && field.Value is not null).Select(field => field.Key).FirstOrDefault() ?? "unknown";
            if (!AllowedVolumes.Contains(type, StringComparer.Ordinal))
            {
                bad.Add(volume.TextOrEmpty("name"));
                types.Add(type);
            }
        }

        return bad.Count == 0 ? null : new Violation(
            "restricted volume types",
            $"{PodFacts.Name("volume", bad)} {(bad.Count == 1 ? "uses" : "use")} {PodFacts.Name("restricted volume type", types)}");
    }

    public static Violation? RunAsNonRoot(PodFacts pod)
    {
        if (pod.HasOwnUsers && pod.Level.IsAtLeast(35))
        {
            return null;
        }

        bool? ofPod = pod.Spec.Flag("securityContext", "runAsNonRoot");
        string[] wrong = pod.ContainersWhere(container => container.Flag("securityContext", "runAsNonRoot") == false);
        if (ofPod == false || wrong.Length > 0)
        {
            return new Violation(
                "runAsNonRoot != true", $"{PodFacts.Setters(ofPod == false, wrong)} must not set securityContext.runAsNonRoot=false");
        }

        string[] silent = ofPod == true ? [] : pod.ContainersWhere(container => container.Flag("securityContext", "runAsNonRoot") is null);
        return silent.Length == 0 ? null : new Violation(
            "runAsNonRoot != true", $"pod or {PodFacts.Name("container", silent)} must set securityContext.runAsNonRoot=true");
    }

    public static Violation? RunAsUser(PodFacts pod)
    {
        if (!pod.Level.IsAtLeast(23) || (pod.HasOwnUsers && pod.Level.IsAtLeast(35)))
        {
            return null;
        }

        bool isPod = pod.Spec.Integer("securityContext", "runAsUser") == 0;
        string[] bad = pod.ContainersWhere(container => container.Integer("securityContext", "runAsUser") == 0);
        return !isPod && bad.Length == 0 ? null : new Violation(
            "runAsUser=0", $"{PodFacts.Setters(isPod, bad)} must not set runAsUser=0");
    }

    public static Violation? Seccomp(PodFacts pod)
    {
        if (Excuses(pod))
        {
            return null;
        }

        if (BaselineRules.Seccomp(pod) is { } violation)
        {
            return violation;
        }

        string[] silent = pod.Spec.Has("securityContext", "seccompProfile")
            ? []
            : pod.ContainersWhere(container => !container.Has("securityContext", "seccompProfile"));
        return silent.Length == 0 ? null : new Violation(
            "seccompProfile",
            $"pod or {PodFacts.Name("container", silent)} must set securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\"");
    }

    // These fields mean nothing on Windows, where they may not even be set.
    private static bool Excuses(PodFacts pod) => pod.IsWindows && pod.Level.IsAtLeast(25);
}
