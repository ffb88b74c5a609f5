using Microsoft.AspNetCore.Http;
using MiniPlane.ApiServer.Identity;

namespace MiniPlane.ApiServer.Requests;

/// <summary>Carries the authenticated user to endpoints that only see the HTTP context.</summary>
internal static class UserFeature
{
    private static readonly object Key = new();

    public static void Set(HttpContext context, UserInfo user) => context.Items[Key] = user;

    public static UserInfo Of(HttpContext context) => context.Items[Key] as UserInfo ?? UserInfo.Anonymous;
}
