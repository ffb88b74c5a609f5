using Microsoft.AspNetCore.Http;

namespace MiniPlane.ApiServer.Identity;

/// <summary>The token of an <c>Authorization: Bearer</c> header, or of a browser's WebSocket protocol list.</summary>
internal static class BearerToken
{
    private const string Scheme = "Bearer ";

    public static string? Of(HttpRequest request)
    {
        string header = request.Headers.Authorization.ToString();
        return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && header.Length > Scheme.Length
            ? header[Scheme.Length..].Trim()
            : null;
    }
}
