using Microsoft.AspNetCore.Http;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Identity;

/// <summary>
/// Tells who is asking: the first way that knows the credentials decides. Wrong credentials are 401; no credentials are the
/// anonymous user, whom authorization lets read little more than health and version.
/// </summary>
internal sealed class Authenticator(IEnumerable<IRequestAuthenticator> ways)
{
    private readonly IRequestAuthenticator[] _ways = [.. ways];

    public async ValueTask<UserInfo> AuthenticateAsync(HttpContext context)
    {
        foreach (IRequestAuthenticator way in _ways)
        {
            if (await way.AuthenticateAsync(context, CancellationToken.None) is { } user)
            {
                return user.IsIn(UserInfo.AuthenticatedGroup)
                    ? user
                    : user with { Groups = [.. user.Groups, UserInfo.AuthenticatedGroup] };
            }
        }

        return context.Request.Headers.Authorization.Count > 0 ? throw ApiErrors.Unauthorized() : UserInfo.Anonymous;
    }
}
