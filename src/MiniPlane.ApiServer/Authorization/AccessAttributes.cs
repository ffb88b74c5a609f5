using MiniPlane.ApiServer.Identity;
using MiniPlane.ApiServer.Requests;

namespace MiniPlane.ApiServer.Authorization;

/// <summary>Who wants to do what (k8s.io/apiserver/pkg/authorization/authorizer.Attributes).</summary>
internal sealed record AccessAttributes
{
    public required UserInfo User { get; init; }

    public required string Verb { get; init; }

    public bool IsResource { get; init; }

    public string Group { get; init; } = "";

    public string Version { get; init; } = "";

    public string Resource { get; init; } = "";

    public string Subresource { get; init; } = "";

    public string Namespace { get; init; } = "";

    public string Name { get; init; } = "";

    /// <summary>The path of a request for something that is not a resource.</summary>
    public string Path { get; init; } = "";

    public static AccessAttributes Of(RequestInfo info, UserInfo user) => new()
    {
        User = user,
        Verb = info.Verb,
        IsResource = info.IsResource,
        Group = info.Group,
        Version = info.Version,
        Resource = info.Resource,
        Subresource = info.Subresource,
        Namespace = info.Namespace,
        Name = info.Name,
        Path = info.Path,
    };

    /// <summary>Why not, in upstream's words (responsewriters.Forbidden).</summary>
    public string RefusalText(string reason)
    {
        string user = $"User \"{User.Name}\" cannot";
        string text = IsResource
            ? $"{user} {Verb} resource \"{(Subresource.Length > 0 ? $"{Resource}/{Subresource}" : Resource)}\" in API group \"{Group}\" "
                + (Namespace.Length > 0 ? $"in the namespace \"{Namespace}\"" : "at the cluster scope")
            : $"{user} {Verb} path \"{Path}\"";
        return reason.Length > 0 ? $"{text}: {reason}" : text;
    }
}
