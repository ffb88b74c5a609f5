using Microsoft.AspNetCore.Http;

namespace MiniPlane.ApiServer.Identity;

/// <summary>Bearer tokens of service accounts that are meant for this server.</summary>
internal sealed class ServiceAccountAuthenticator(ServiceAccountTokens tokens) : IRequestAuthenticator
{
    public async ValueTask<UserInfo?> AuthenticateAsync(HttpContext context, CancellationToken cancellationToken) =>
        BearerToken.Of(context.Request) is { } token
        && await tokens.VerifyAsync(token) is { } verified
        && verified.Audiences.Contains(tokens.Issuer, StringComparer.Ordinal)
            ? verified.User
            : null;
}
