using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Admission.Webhooks;

/// <summary>admissionregistration.v1.RuleWithOperations, also of admission policies.</summary>
internal sealed record WebhookRule
{
    private const string Any = "*";

    public required IReadOnlyList<string> Operations { get; init; }

    public required IReadOnlyList<string> Groups { get; init; }

    public required IReadOnlyList<string> Versions { get; init; }

    public required IReadOnlyList<string> Resources { get; init; }

    public required string Scope { get; init; }

    public static WebhookRule From(JsonObject rule) => new()
    {
        Operations = [.. rule.Texts("operations")],
        Groups = [.. rule.Texts("apiGroups")],
        Versions = [.. rule.Texts("apiVersions")],
        Resources = [.. rule.Texts("resources")],
        Scope = rule.Text("scope") ?? Any,
    };

    /// <summary>Whether a request for that resource is meant (predicates/rules.Matcher).</summary>
    public bool Matches(in MatchedResource resource, string operation) =>
        MatchesScope(resource.IsNamespaced)
        && Has(Operations, operation)
        && Has(Groups, resource.Group)
        && Has(Versions, resource.Version)
        && MatchesResource(resource.Plural, resource.Subresource);

    private bool MatchesScope(bool isNamespaced) => Scope switch
    {
        "Namespaced" => isNamespaced,
        "Cluster" => !isNamespaced,
        _ => true,
    };

    private bool MatchesResource(string plural, string subresource)
    {
        foreach (string wanted in Resources)
        {
            int slash = wanted.IndexOf('/', StringComparison.Ordinal);
            ReadOnlySpan<char> name = slash < 0 ? wanted : wanted.AsSpan(0, slash);
            ReadOnlySpan<char> sub = slash < 0 ? "" : wanted.AsSpan(slash + 1);
            bool isName = name is Any || name.SequenceEqual(plural);
            bool isSub = sub is Any || sub.SequenceEqual(subresource);
            if (isName && isSub)
            {
                return true;
            }
        }

        return false;
    }

    private static bool Has(IReadOnlyList<string> list, string value)
    {
        foreach (string one in list)
        {
            if (one == Any || one == value)
            {
                return true;
            }
        }

        return false;
    }
}
