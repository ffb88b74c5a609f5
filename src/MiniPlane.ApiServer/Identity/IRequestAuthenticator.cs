using Microsoft.AspNetCore.Http;

namespace MiniPlane.ApiServer.Identity;

/// <summary>One way to tell who is asking.</summary>
internal interface IRequestAuthenticator
{
    /// <summary>
    /// The user; null when the request has no credentials of this sort. Throws Unauthorized when it has some that are wrong and no
    /// other way may accept them.
    /// </summary>
    ValueTask<UserInfo?> AuthenticateAsync(HttpContext context, CancellationToken cancellationToken);
}
