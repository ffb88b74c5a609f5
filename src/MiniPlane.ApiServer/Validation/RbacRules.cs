using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Validation;

/// <summary>Roles and bindings (pkg/apis/rbac/validation).</summary>
internal static class RbacRules
{
    private const string Group = "rbac.authorization.k8s.io";

    public static void Role(JsonObject role, FieldErrors errors) => Rules(role, isNamespaced: true, errors);

    public static void ClusterRole(JsonObject role, FieldErrors errors)
    {
        Rules(role, isNamespaced: false, errors);
        foreach ((JsonObject selector, FieldPath field) in Checks.Items(role.Object("aggregationRule"), "clusterRoleSelectors", "aggregationRule"))
        {
            SelectorRules.Validate(selector, field, errors);
        }

        if (role.Has("aggregationRule") && role.Array("aggregationRule", "clusterRoleSelectors") is not { Count: > 0 })
        {
            errors.Required("aggregationRule.clusterRoleSelectors", "at least one clusterRoleSelector required if aggregationRule is non-nil");
        }
    }

    public static void RoleBinding(JsonObject binding, FieldErrors errors) => Binding(binding, ["ClusterRole", "Role"], errors);

    public static void ClusterRoleBinding(JsonObject binding, FieldErrors errors) => Binding(binding, ["ClusterRole"], errors);

    public static void BindingChange(JsonObject binding, JsonObject old, FieldErrors errors)
    {
        if (!binding["roleRef"].SameAs(old["roleRef"]))
        {
            errors.Invalid("roleRef", binding["roleRef"], "cannot change roleRef");
        }
    }

    private static void Rules(JsonObject role, bool isNamespaced, FieldErrors errors)
    {
        foreach ((JsonObject rule, FieldPath field) in Checks.Items(role, "rules", ""))
        {
            Rule(rule, field, isNamespaced, errors);
        }
    }

    private static void Rule(JsonObject rule, FieldPath path, bool isNamespaced, FieldErrors errors)
    {
        if (rule.Array("verbs") is not { Count: > 0 })
        {
            errors.Required($"{path}.verbs", "verbs must contain at least one value");
        }

        if (rule.Array("nonResourceURLs") is { Count: > 0 } urls)
        {
            if (isNamespaced)
            {
                errors.Invalid($"{path}.nonResourceURLs", urls, "namespaced rules cannot apply to non-resource URLs");
            }

            if (rule.Array("apiGroups") is { Count: > 0 } || rule.Array("resources") is { Count: > 0 }
                || rule.Array("resourceNames") is { Count: > 0 })
            {
                errors.Invalid($"{path}.nonResourceURLs", urls, "rules cannot apply to both regular resources and non-resource URLs");
            }

            return;
        }

        if (rule.Array("apiGroups") is not { Count: > 0 })
        {
            errors.Required($"{path}.apiGroups", "resource rules must supply at least one api group");
        }

        if (rule.Array("resources") is not { Count: > 0 })
        {
            errors.Required($"{path}.resources", "resource rules must supply at least one resource");
        }
    }

    private static void Binding(JsonObject binding, string[] kinds, FieldErrors errors)
    {
        JsonObject? role = binding.Object("roleRef");
        string group = role.TextOrEmpty("apiGroup");
        if (group != Group)
        {
            errors.NotSupported("roleRef.apiGroup", group, [Group]);
        }

        string kind = role.TextOrEmpty("kind");
        if (!kinds.Contains(kind, StringComparer.Ordinal))
        {
            errors.NotSupported("roleRef.kind", kind, kinds);
        }

        errors.RequiredText(role, "name", "roleRef", Formats.PathSegment);
        foreach ((JsonObject subject, FieldPath field) in Checks.Items(binding, "subjects", ""))
        {
            Subject(subject, field, errors);
        }
    }

    private static void Subject(JsonObject subject, FieldPath path, FieldErrors errors)
    {
        errors.RequiredText(subject, "name", path);
        string group = subject.TextOrEmpty("apiGroup");
        switch (subject.TextOrEmpty("kind"))
        {
            case "ServiceAccount":
                errors.OptionalText(subject, "name", path, Formats.DnsSubdomain);
                if (group.Length > 0)
                {
                    errors.NotSupported($"{path}.apiGroup", group, [""]);
                }

                errors.RequiredText(subject, "namespace", path);
                break;
            case "User" or "Group":
                if (group != Group)
                {
                    errors.NotSupported($"{path}.apiGroup", group, [Group]);
                }

                break;
            case var kind:
                errors.NotSupported($"{path}.kind", kind, ["Group", "ServiceAccount", "User"]);
                break;
        }
    }
}
