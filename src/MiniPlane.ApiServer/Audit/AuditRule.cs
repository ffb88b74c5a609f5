using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Identity;
using MiniPlane.ApiServer.Requests;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Audit;

/// <summary>audit.k8s.io/v1 PolicyRule. Lists that are empty match everything.</summary>
internal sealed record AuditRule
{
    public required AuditLevel Level { get; init; }

    public required IReadOnlyList<string> OmittedStages { get; init; }

    /// <summary>Null where the policy decides.</summary>
    public bool? OmitsManagedFields { get; init; }

    private IReadOnlyList<string> Users { get; init; } = [];

    private IReadOnlyList<string> Groups { get; init; } = [];

    private IReadOnlyList<string> Verbs { get; init; } = [];

    private IReadOnlyList<string> Namespaces { get; init; } = [];

    private IReadOnlyList<string> Paths { get; init; } = [];

    private IReadOnlyList<JsonObject> Resources { get; init; } = [];

    /// <exception cref="InvalidDataException">The level is none.</exception>
    public static AuditRule From(JsonObject rule) => new()
    {
        Level = Enum.TryParse(rule.Text("level"), out AuditLevel level) && Enum.IsDefined(level)
            ? level
            : throw new InvalidDataException($"audit policy: \"{rule.Text("level")}\" is no level; None, Metadata, Request and RequestResponse are"),
        OmittedStages = [.. rule.Texts("omitStages")],
        OmitsManagedFields = rule.Flag("omitManagedFields"),
        Users = [.. rule.Texts("users")],
        Groups = [.. rule.Texts("userGroups")],
        Verbs = [.. rule.Texts("verbs")],
        Namespaces = [.. rule.Texts("namespaces")],
        Paths = [.. rule.Texts("nonResourceURLs")],
        Resources = [.. rule.Objects("resources")],
    };

    public bool Matches(RequestInfo request, UserInfo user)
    {
        if ((Users.Count > 0 && !Users.Contains(user.Name, StringComparer.Ordinal))
            || (Groups.Count > 0 && !Groups.Any(user.IsIn))
            || (Verbs.Count > 0 && !Verbs.Contains(request.Verb, StringComparer.Ordinal)))
        {
            return false;
        }

        if (Namespaces.Count == 0 && Resources.Count == 0)
        {
            return Paths.Count == 0 || (!request.IsResource && Paths.Any(pattern => MatchesPath(pattern, request.Path)));
        }

        return request.IsResource
            && (Namespaces.Count == 0 || Namespaces.Contains(request.Namespace, StringComparer.Ordinal))
            && (Resources.Count == 0 || Resources.Any(one => MatchesResource(one, request)));
    }

    private static bool MatchesResource(JsonObject rule, RequestInfo request)
    {
        string[] names = [.. rule.Texts("resourceNames")];
        string[] resources = [.. rule.Texts("resources")];
        string full = request.Subresource.Length > 0 ? $"{request.Resource}/{request.Subresource}" : request.Resource;
        bool isName = names.Length == 0 || names.Contains(request.Name, StringComparer.Ordinal);
        bool isResource = resources.Length == 0 || resources.Any(wanted => wanted == "*" || wanted == full
            || (request.Subresource.Length > 0 && wanted == $"*/{request.Subresource}")
            || wanted == $"{request.Resource}/*");
        return rule.TextOrEmpty("group") == request.Group && isResource && isName;
    }

    private static bool MatchesPath(string pattern, string path) => pattern == "*" || pattern == path
        || (pattern.EndsWith('*') && path.StartsWith(pattern[..^1], StringComparison.Ordinal));
}
