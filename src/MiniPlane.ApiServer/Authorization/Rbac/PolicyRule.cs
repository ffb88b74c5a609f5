namespace MiniPlane.ApiServer.Authorization.Rbac;

/// <summary>rbac.v1.PolicyRule. The generated reader sets fields that are absent to null, whatever their initializer says.</summary>
internal sealed record PolicyRule
{
    public IReadOnlyList<string> Verbs { get => field ?? []; init; }

    public IReadOnlyList<string> ApiGroups { get => field ?? []; init; }

    public IReadOnlyList<string> Resources { get => field ?? []; init; }

    public IReadOnlyList<string> ResourceNames { get => field ?? []; init; }

    [System.Text.Json.Serialization.JsonPropertyName("nonResourceURLs")]
    public IReadOnlyList<string> NonResourceUrls { get => field ?? []; init; }

    /// <summary>Whether the rule allows it (pkg/registry/rbac/validation and apis/rbac/v1/evaluation_helpers.go).</summary>
    public bool Allows(AccessAttributes attributes) => Has(Verbs, attributes.Verb)
        && (attributes.IsResource
            ? Has(ApiGroups, attributes.Group) && AllowsResource(attributes) && AllowsName(attributes.Name)
            : NonResourceUrls.Any(pattern => Matches(pattern, attributes.Path)));

    private bool AllowsResource(AccessAttributes attributes)
    {
        string combined = attributes.Subresource.Length > 0
            ? $"{attributes.Resource}/{attributes.Subresource}"
            : attributes.Resource;
        foreach (string resource in Resources)
        {
            bool isWildSubresource = attributes.Subresource.Length > 0
                && resource.StartsWith("*/", StringComparison.Ordinal)
                && resource.AsSpan(2).SequenceEqual(attributes.Subresource);
            if (resource == "*" || resource == combined || isWildSubresource)
            {
                return true;
            }
        }

        return false;
    }

    private bool AllowsName(string name) => ResourceNames.Count == 0 || ResourceNames.Contains(name, StringComparer.Ordinal);

    private static bool Has(IReadOnlyList<string> list, string value)
    {
        foreach (string one in list)
        {
            if (one == "*" || one == value)
            {
                return true;
            }
        }

        return false;
    }

    private static bool Matches(string pattern, string path) => pattern == "*" || pattern == path
        || (pattern.EndsWith('*') && path.AsSpan().StartsWith(pattern.AsSpan(0, pattern.Length - 1), StringComparison.Ordinal));
}
