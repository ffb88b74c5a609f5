namespace MiniPlane.ApiServer.Authorization;

/// <summary>What everyone may read: health and version (the bootstrap role <c>system:public-info-viewer</c>).</summary>
internal static class PublicPaths
{
    public static bool IsPublic(AccessAttributes attributes) =>
        !attributes.IsResource
        && attributes.Verb is "get" or "head"
        && IsPublic(attributes.Path);

    public static bool IsPublic(string path) =>
        path is "/healthz" or "/livez" or "/readyz" or "/version" or "/version/"
        || path.StartsWith("/healthz/", StringComparison.Ordinal)
        || path.StartsWith("/livez/", StringComparison.Ordinal)
        || path.StartsWith("/readyz/", StringComparison.Ordinal);
}
