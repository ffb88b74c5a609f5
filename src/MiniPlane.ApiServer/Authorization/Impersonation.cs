using Microsoft.AspNetCore.Http;
using MiniPlane.ApiServer.Identity;
using MiniPlane.ApiServer.Requests;
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

    /// <summary>The user whom the request acts as: the one who asks, or the one whom its headers name.</summary>
    public ValueTask<UserInfo> ResolveAsync(HttpContext context, RequestInfo info, UserInfo user)
    {
        foreach ((string header, _) in context.Request.Headers)
        {
            if (header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            {
                return ImpersonateAsync(context, info, user);
            }
        }

        return ValueTask.FromResult(user);
    }

    private async ValueTask<UserInfo> ImpersonateAsync(HttpContext context, RequestInfo info, UserInfo user)
    {
        IHeaderDictionary headers = context.Request.Headers;
        var wanted = new WantedUser
        {
            Name = headers[UserHeader].ToString(),
            Uid = headers[UidHeader].ToString(),
            Groups = [.. headers[GroupHeader].OfType<string>()],
            Extra = ReadExtra(headers),
        };
        if (wanted.Name.Length == 0)
        {
            return wanted.IsOnlyName ? user : throw ApiErrors.BadRequest("requested impersonation without impersonating a user");
        }

        var asked = AccessAttributes.Of(info, user);
        ApiException? first = null;
        foreach (ImpersonationMode mode in ImpersonationMode.For(wanted, user))
        {
            if (await RefusalAsync(mode.Permissions(wanted, asked), context.RequestAborted) is not { } refusal)
            {
                return mode.Become(wanted);
            }

            first ??= refusal;
        }

        throw user.IsAnonymous ? ApiErrors.Unauthorized() : first ?? ApiErrors.Unauthorized();
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

    /// <summary>Why not, or null when all is allowed.</summary>
    private async ValueTask<ApiException?> RefusalAsync(IEnumerable<AccessAttributes> permissions, CancellationToken cancellationToken)
    {
        foreach (AccessAttributes permission in permissions)
        {
            AccessDecision decision = await authorizer.DecideAsync(permission, cancellationToken);
            if (!decision.IsAllowed)
            {
                string text = permission.RefusalText(decision.Reason);
                return permission.IsResource
                    ? ApiErrors.Forbidden(permission.Group, permission.Resource, permission.Name, text)
                    : ApiErrors.ForbiddenPath(text);
            }
        }

        return null;
    }
}
