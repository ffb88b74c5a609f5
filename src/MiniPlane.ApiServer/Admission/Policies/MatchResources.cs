using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Admission.Webhooks;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Selectors;

namespace MiniPlane.ApiServer.Admission.Policies;

/// <summary>admissionregistration.v1.MatchResources: which requests a policy or a binding is about.</summary>
internal sealed class MatchResources
{
    private readonly NamedRule[] _rules;
    private readonly NamedRule[] _excluded;
    private readonly LabelSelector _namespaces;
    private readonly LabelSelector _objects;
    private readonly bool _matchesEquivalents;

    private MatchResources(JsonObject json)
    {
        _rules = [.. json.Objects("resourceRules").Select(NamedRule.From)];
        _excluded = [.. json.Objects("excludeResourceRules").Select(NamedRule.From)];
        _namespaces = LabelSelectorParser.FromJson(json["namespaceSelector"] ?? new JsonObject());
        _objects = LabelSelectorParser.FromJson(json["objectSelector"] ?? new JsonObject());
        _matchesEquivalents = json.Text("matchPolicy") != "Exact";
    }

    /// <summary>Null when nothing is said, which matches everything.</summary>
    public static MatchResources? Read(JsonObject? json) => json is null ? null : new MatchResources(json);

    /// <summary>The rules themselves, for type checking.</summary>
    public IEnumerable<WebhookRule> Rules => _rules.Select(rule => rule.Rule);

    /// <summary>The version in which the object is looked at, or null when the request is not meant.</summary>
    public KindDefinition? Match(AdmissionRequest request, WebhookMatcher matcher)
    {
        if (!matcher.MatchesNamespace(_namespaces, request) || !WebhookMatcher.MatchesObject(_objects, request))
        {
            return null;
        }

        if (Matched(_excluded, request, matcher) is not null)
        {
            return null;
        }

        return _rules.Length == 0 ? request.RequestKind : Matched(_rules, request, matcher);
    }

    private KindDefinition? Matched(NamedRule[] rules, AdmissionRequest request, WebhookMatcher matcher)
    {
        foreach (NamedRule rule in rules)
        {
            if (rule.Admits(request.Key.Name) && matcher.MatchedKind([rule.Rule], _matchesEquivalents, request) is { } kind)
            {
                return kind;
            }
        }

        return null;
    }
}
