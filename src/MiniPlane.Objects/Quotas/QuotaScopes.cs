using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Objects.Quotas;

/// <summary>Whether a quota is about an object at all, by its scopes and scope selector. Pure.</summary>
public static class QuotaScopes
{
    /// <param name="quotaSpec">The ResourceQuota's <c>spec</c>.</param>
    /// <param name="resource"><c>pods</c> or another resource; all but pods and claims match only a quota without scopes.</param>
    /// <param name="json">The object.</param>
    public static bool Match(JsonNode? quotaSpec, string resource, JsonObject json) => Requirements(quotaSpec).All(
        requirement => resource == "pods" ? MatchesPod(requirement, json["spec"])
            : resource == "persistentvolumeclaims" && MatchesClaim(requirement, json));

    private static IEnumerable<Requirement> Requirements(JsonNode? quotaSpec) =>
        quotaSpec.Texts("scopes").Select(scope => new Requirement(scope, "Exists", []))
            .Concat(quotaSpec.Objects("scopeSelector", "matchExpressions").Select(expression => new Requirement(
                expression.TextOrEmpty("scopeName"), expression.TextOrEmpty("operator"), [.. expression.Texts("values")])));

    private static bool MatchesPod(Requirement requirement, JsonNode? spec) => requirement.Scope switch
    {
        "Terminating" => spec.Integer("activeDeadlineSeconds") is >= 0,
        "NotTerminating" => spec.Integer("activeDeadlineSeconds") is not >= 0,
        "BestEffort" => IsBestEffort(spec),
        "NotBestEffort" => !IsBestEffort(spec),
        "PriorityClass" => Compare(requirement, spec.TextOrEmpty("priorityClassName")),
        "CrossNamespacePodAffinity" => HasCrossNamespaceTerm(spec),
        _ => false,
    };

    private static bool MatchesClaim(Requirement requirement, JsonObject claim) =>
        requirement.Scope == "VolumeAttributesClass"
        && Compare(requirement, claim.TextOrEmpty("spec", "volumeAttributesClassName"));

    private static bool Compare(Requirement requirement, string value) => requirement.Operator switch
    {
        "In" => requirement.Values.Contains(value, StringComparer.Ordinal),
        "NotIn" => !requirement.Values.Contains(value, StringComparer.Ordinal),
        "DoesNotExist" => value.Length == 0,
        _ => value.Length > 0,
    };

    private static bool IsBestEffort(JsonNode? spec) =>
        spec.Objects("containers").Concat(spec.Objects("initContainers")).All(container =>
            !IsSet(container, "requests") && !IsSet(container, "limits"))
        && !(spec.Object("resources", "requests") is { Count: > 0 } || spec.Object("resources", "limits") is { Count: > 0 });

    private static bool IsSet(JsonObject container, string part) =>
        container.Has("resources", part, "cpu") || container.Has("resources", part, "memory");

    private static bool HasCrossNamespaceTerm(JsonNode? spec)
    {
        foreach (string kind in (ReadOnlySpan<string>)["podAffinity", "podAntiAffinity"])
        {
            JsonNode? affinity = spec.At("affinity", kind);
            IEnumerable<JsonNode?> terms = affinity.Objects("requiredDuringSchedulingIgnoredDuringExecution")
                .Concat(affinity.Objects("preferredDuringSchedulingIgnoredDuringExecution").Select(weighted => weighted.Object("podAffinityTerm")).OfType<JsonObject>());
            if (terms.Any(term => term.Array("namespaces") is { Count: > 0 } || term.Has("namespaceSelector")))
            {
                return true;
            }
        }

        return false;
    }

    private sealed record Requirement(string Scope, string Operator, IReadOnlyList<string> Values);
}
