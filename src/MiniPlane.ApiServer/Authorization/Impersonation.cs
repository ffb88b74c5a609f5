using Microsoft.AspNetCore.Http;
using MiniPlane.ApiServer.Identity;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Authorization;

/// <summary>
/// Lets those who may act as someone else, by <c>Impersonate-…</c> headers (k8s.io/apiserver/pkg/endpoints/filters/impersonation).
/// Each part of the borrowed identity needs its own permission.
/// </summary>
internal sealed class Impersonation(IAuthorizer authorizer)
{
    private const string Prefix = "Impersonate-";
    private const string UserHeader = "Impersonate-User";
    private const string GroupHeader = "Impersonate-Group";
    private const string UidHeader = "Impersonate-Uid";
    private const string ExtraPrefix = "Impersonate-Extra-";
    private const string ServiceAccountPrefix = "system:serviceaccount:";

    /// <summary>The user whom the request acts as: the one who asks, or the one whom its headers name.</summary>
    public ValueTask<UserInfo> ResolveAsync(HttpContext context, UserInfo user)
    {
        foreach ((string header, _) in context.Request.Headers)
        {
            if (header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            {
                return ImpersonateAsync(context, user);
            }
        }

        return ValueTask.FromResult(user);
    }

    private async ValueTask<UserInfo> ImpersonateAsync(HttpContext context, UserInfo user)
    {
        IHeaderDictionary headers = context.Request.Headers;
        string name = headers[UserHeader].ToString();
        string[] groups = [.. headers[GroupHeader].OfType<string>()];
        string uid = headers[UidHeader].ToString();
        Dictionary<string, IReadOnlyList<string>> extra = ReadExtra(headers);
        if (name.Length == 0)
        {
            return groups.Length == 0 && uid.Length == 0 && extra.Count == 0
                ? user
                : throw ApiErrors.BadRequest("requested impersonation without impersonating a user");
        }

        await RequireUserAsync(user, name, context.RequestAborted);
        await RequireAllAsync(user, "", "groups", groups, context.RequestAborted);
        await RequireAllAsync(user, "authentication.k8s.io", "uids", uid.Length > 0 ? [uid] : [], context.RequestAborted);
        foreach ((string key, IReadOnlyList<string> values) in extra)
        {
            await RequireAllAsync(user, "authentication.k8s.io", $"userextras/{key}", values, context.RequestAborted);
        }

        return new UserInfo { Name = name, Uid = uid, Groups = GroupsOf(name, groups), Extra = extra };
    }

    private static Dictionary<string, IReadOnlyList<string>> ReadExtra(IHeaderDictionary headers)
    {
        var extra = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach ((string header, Microsoft.Extensions.Primitives.StringValues values) in headers)
        {
            if (header.StartsWith(ExtraPrefix, StringComparison.OrdinalIgnoreCase))
            {
                string key = Uri.UnescapeDataString(header[ExtraPrefix.Length..].ToLowerInvariant());
                extra[key] = [.. values.OfType<string>()];
            }
        }

        return extra;
    }

    private async ValueTask RequireUserAsync(UserInfo user, string name, CancellationToken cancellationToken)
    {
        string[] account = name.StartsWith(ServiceAccountPrefix, StringComparison.Ordinal) ? name.Split(':') : [];
        AccessAttributes attributes = account.Length == 4
            ? Attributes(user, "", "serviceaccounts", account[3]) with { Namespace = account[2] }
            : Attributes(user, "", "users", name);
        await RequireAsync(attributes, cancellationToken);
    }

    private async ValueTask RequireAllAsync(
        UserInfo user, string group, string resource, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        foreach (string name in names)
        {
            await RequireAsync(Attributes(user, group, resource, name), cancellationToken);
        }
    }

    private async ValueTask RequireAsync(AccessAttributes attributes, CancellationToken cancellationToken)
    {
        AccessDecision decision = await authorizer.DecideAsync(attributes, cancellationToken);
        if (!decision.IsAllowed)
        {
            throw attributes.User.IsAnonymous
                ? ApiErrors.Unauthorized()
                : ApiErrors.Forbidden(
                    attributes.Group, attributes.Resource, attributes.Name, attributes.RefusalText(decision.Reason));
        }
    }

    private static AccessAttributes Attributes(UserInfo user, string group, string resource, string name)
    {
        int slash = resource.IndexOf('/', StringComparison.Ordinal);
        return new AccessAttributes
        {
            User = user,
            Verb = "impersonate",
            IsResource = true,
            Group = group,
            Resource = slash < 0 ? resource : resource[..slash],
            Subresource = slash < 0 ? "" : resource[(slash + 1)..],
            Name = name,
        };
    }

    private static string[] GroupsOf(string name, string[] groups)
    {
        if (groups.Length == 0 && name.StartsWith(ServiceAccountPrefix, StringComparison.Ordinal) && name.Split(':') is { Length: 4 } account)
        {
            groups = ["system:serviceaccounts", $"system:serviceaccounts:{account[2]}"];
        }

        string last = name == UserInfo.Anonymous.Name ? UserInfo.UnauthenticatedGroup : UserInfo.AuthenticatedGroup;
        return groups.Contains(last, StringComparer.Ordinal) ? groups : [.. groups, last];
    }
}
