using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Admission.PodSecurity;

/// <summary>The baseline rules about mandatory access control: AppArmor and SELinux.</summary>
internal static class LabelRules
{
    private const string AppArmorAnnotation = "container.apparmor.security.beta.kubernetes.io/";

    public static Violation? AppArmor(PodFacts pod)
    {
        var values = new SortedSet<string>(StringComparer.Ordinal);
        bool isPod = IsBad(pod.Spec, values);
        string[] bad = pod.ContainersWhere(container => IsBad(container, values));
        string[] annotations =
        [
            .. pod.Annotations
                .Where(one => one.Key.StartsWith(AppArmorAnnotation, StringComparison.Ordinal)
                    && one.Value is not ("" or "runtime/default") && !one.Value.StartsWith("localhost/", StringComparison.Ordinal))
                .Select(one => $"{one.Key}={JsonValue.Create(one.Value).Compacted()}")
                .Order(StringComparer.Ordinal),
        ];
        if (!isPod && bad.Length == 0 && annotations.Length == 0)
        {
            return null;
        }

        string[] setters = isPod || bad.Length > 0 ? [PodFacts.Setters(isPod, bad)] : [];
        if (annotations.Length > 0)
        {
            setters = [.. setters, PodFacts.Plural("annotation", annotations.Length)];
        }

        string[] all = [.. values, .. annotations];
        return new Violation(
            PodFacts.Plural("forbidden AppArmor profile", all.Length),
            $"{string.Join(" and ", setters)} must not set AppArmor profile type to {PodFacts.Quote(all)}");
    }

    public static Violation? SeLinux(PodFacts pod)
    {
        var types = new SortedSet<string>(StringComparer.Ordinal);
        bool hasUser = false;
        bool hasRole = false;
        bool isPod = IsBadOptions(pod.Spec);
        string[] bad = pod.ContainersWhere(IsBadOptions);
        if (!isPod && bad.Length == 0)
        {
            return null;
        }

        string[] problems =
        [
            .. types.Count > 0 ? (string[])[PodFacts.Name("type", types)] : [],
            .. hasUser ? (string[])["user may not be set"] : [],
            .. hasRole ? (string[])["role may not be set"] : [],
        ];
        return new Violation(
            "seLinuxOptions",
            $"{PodFacts.Setters(isPod, bad)} set forbidden securityContext.seLinuxOptions: {string.Join("; ", problems)}");

        bool IsBadOptions(JsonNode? holder)
        {
            JsonObject? options = holder.Object("securityContext", "seLinuxOptions");
            string type = options.TextOrEmpty("type");
            bool isBadType = type is not ("" or "container_t" or "container_init_t" or "container_kvm_t")
                && !(type == "container_engine_t" && pod.Level.IsAtLeast(31));
            bool isUser = options.TextOrEmpty("user").Length > 0;
            bool isRole = options.TextOrEmpty("role").Length > 0;
            if (isBadType)
            {
                types.Add(type);
            }

            hasUser |= isUser;
            hasRole |= isRole;
            return isBadType || isUser || isRole;
        }
    }

    private static bool IsBad(JsonNode? holder, SortedSet<string> values)
    {
        bool isBad = holder.Has("securityContext", "appArmorProfile")
            && holder.TextOrEmpty("securityContext", "appArmorProfile", "type") is not ("RuntimeDefault" or "Localhost");
        if (isBad)
        {
            values.Add(holder.TextOrEmpty("securityContext", "appArmorProfile", "type"));
        }

        return isBad;
    }
}
