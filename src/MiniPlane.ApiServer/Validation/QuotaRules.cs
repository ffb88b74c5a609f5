using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Validation;

/// <summary>Resource quotas (pkg/apis/core/validation.ValidateResourceQuotaSpec).</summary>
internal static class QuotaRules
{
    private const string Expressions = "spec.scopeSelector.matchExpressions";
    private const string Inapplicable = "unsupported scope applied to resource";

    private static readonly string[] PodScopes =
        ["BestEffort", "CrossNamespacePodAffinity", "NotBestEffort", "NotTerminating", "PriorityClass", "Terminating"];

    private static readonly string[] ScopesThatAreOrAreNot =
        ["BestEffort", "CrossNamespacePodAffinity", "NotBestEffort", "NotTerminating", "Terminating"];

    private static readonly string[] PodComputeResources =
        ["cpu", "limits.cpu", "limits.memory", "memory", "requests.cpu", "requests.memory"];

    // Names that a quota knows by themselves; others (count/jobs.batch, extended resources) are not held against its scopes.
    private static readonly string[] StandardResources =
    [
        .. PodComputeResources, "configmaps", "ephemeral-storage", "limits.ephemeral-storage", "persistentvolumeclaims", "pods",
        "replicationcontrollers", "requests.ephemeral-storage", "requests.storage", "resourcequotas", "secrets", "services",
        "services.loadbalancers", "services.nodeports",
    ];

    public static void ResourceQuota(JsonObject quota, FieldErrors errors)
    {
        JsonObject hard = quota.Object("spec", "hard") ?? [];
        foreach ((string name, JsonNode? value) in hard)
        {
            ResourceRules.ResourceName(name, $"spec.hard[{name}]", errors);
            ResourceRules.Value(name, value, $"spec.hard[{name}]", errors);
        }

        JsonNode? scopes = quota.At("spec", "scopes");
        string[] names = [.. quota.Texts("spec", "scopes")];
        foreach (string scope in names)
        {
            if (!IsScope(scope))
            {
                errors.Invalid("spec.scopes", scopes, "unsupported scope");
            }

            foreach (string _ in hard.Select(item => item.Key).Where(resource => !Applies(scope, resource)))
            {
                errors.Invalid("spec.scopes", scopes, Inapplicable);
            }
        }

        if (HasConflict(names))
        {
            errors.Invalid("spec.scopes", scopes, "conflicting scopes");
        }

        Selector(quota, hard, errors);
    }

    public static void ResourceQuotaChange(JsonObject quota, JsonObject old, FieldErrors errors) =>
        IsFixed(quota, old, errors);

    // A set: the order of its words says nothing.
    private static void IsFixed(JsonObject quota, JsonObject old, FieldErrors errors)
    {
        if (!quota.Texts("spec", "scopes").ToHashSet(StringComparer.Ordinal).SetEquals(old.Texts("spec", "scopes")))
        {
            errors.Invalid("spec.scopes", quota.At("spec", "scopes"), Checks.Immutable);
        }
    }

    // Upstream names no index here.
    private static void Selector(JsonObject quota, JsonObject hard, FieldErrors errors)
    {
        JsonObject[] expressions = [.. quota.Objects("spec", "scopeSelector", "matchExpressions")];
        foreach (JsonObject expression in expressions)
        {
            string scope = expression.TextOrEmpty("scopeName");
            if (!IsScope(scope))
            {
                errors.Invalid($"{Expressions}.scopeName", scope, "unsupported scope");
            }

            foreach (string _ in hard.Select(item => item.Key).Where(resource => !Applies(scope, resource)))
            {
                errors.Invalid(Expressions, quota.At("spec", "scopeSelector"), Inapplicable);
            }

            Operator(expression, scope, errors);
        }

        if (HasConflict([.. expressions.Select(expression => expression.TextOrEmpty("scopeName"))]))
        {
            errors.Invalid(Expressions, quota.At("spec", "scopeSelector", "matchExpressions"), "conflicting scopes");
        }
    }

    private static void Operator(JsonObject expression, string scope, FieldErrors errors)
    {
        string operation = expression.TextOrEmpty("operator");
        bool hasValues = expression.Array("values") is { Count: > 0 };
        if (operation != "Exists" && ScopesThatAreOrAreNot.Contains(scope, StringComparer.Ordinal))
        {
            errors.Invalid(
                $"{Expressions}.operator",
                operation,
                "must be 'Exist' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, "
                + "ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity");
        }

        if (operation is "In" or "NotIn")
        {
            if (!hasValues)
            {
                errors.Required($"{Expressions}.values", "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector");
            }
        }
        else if (operation is "Exists" or "DoesNotExist")
        {
            if (hasValues)
            {
                errors.Invalid(
                    $"{Expressions}.values",
                    expression["values"],
                    "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector");
            }
        }
        else
        {
            errors.Invalid($"{Expressions}.operator", operation, "not a valid selector operator");
        }
    }

    private static bool IsScope(string scope) => scope == "VolumeAttributesClass" || PodScopes.Contains(scope, StringComparer.Ordinal);

    private static bool Applies(string scope, string resource) => !StandardResources.Contains(resource, StringComparer.Ordinal) || scope switch
    {
        "BestEffort" => resource == "pods",
        "VolumeAttributesClass" => resource is "persistentvolumeclaims" or "requests.storage",
        _ => !PodScopes.Contains(scope, StringComparer.Ordinal)
            || resource == "pods" || PodComputeResources.Contains(resource, StringComparer.Ordinal),
    };

    private static bool HasConflict(string[] scopes) =>
        Has(scopes, "BestEffort", "NotBestEffort") || Has(scopes, "Terminating", "NotTerminating");

    private static bool Has(string[] scopes, string one, string other) =>
        scopes.Contains(one, StringComparer.Ordinal) && scopes.Contains(other, StringComparer.Ordinal);
}
