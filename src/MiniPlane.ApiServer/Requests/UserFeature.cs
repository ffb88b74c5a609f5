using Microsoft.AspNetCore.Http;
using MiniPlane.ApiServer.Identity;

namespace MiniPlane.ApiServer.Requests;

/// <summary>Carries the authenticated user to endpoints that only see the HTTP context.</summary>
internal static class UserFeature
{
    public static void Set(HttpContext context, UserInfo user) => context.Features.Set(user);

    public static UserInfo Of(HttpContext context) => context.Features.Get<UserInfo>() ?? UserInfo.Anonymous;
}
