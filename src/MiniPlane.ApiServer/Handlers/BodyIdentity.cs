using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Requests;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Handlers;

/// <summary>Whether the body is of the kind that the path speaks; a body may leave its kind out.</summary>
internal static class BodyIdentity
{
    public static void Check(ApiRequest request, JsonObject body)
    {
        string expectedKind = request.Subresource?.Kind ?? request.Kind.Kind;
        string expectedVersion = request.Subresource is { } subresource
            ? (subresource.Group.Length == 0 ? subresource.Version : $"{subresource.Group}/{subresource.Version}")
            : request.Kind.ApiVersion;
        string kind = body.TextOrEmpty("kind");
        string version = body.TextOrEmpty("apiVersion");
        if (kind.Length > 0 && kind != expectedKind)
        {
            string shown = version.Length > 0 ? version : expectedVersion;
            throw ApiErrors.BadRequest(
                $"{kind} in version \"{Version(shown)}\" cannot be handled as a {expectedKind}: converting "
                + $"({Version(shown)}.{kind}) to ({Internal(expectedVersion)}.{expectedKind}): unknown conversion");
        }

        if (version.Length > 0 && version != expectedVersion)
        {
            throw ApiErrors.BadRequest(
                $"the API version in the data ({version}) does not match the expected API version ({expectedVersion})");
        }

        body["kind"] = expectedKind;
        body["apiVersion"] = expectedVersion;
    }

    private static string Version(string apiVersion) => apiVersion[(apiVersion.IndexOf('/', StringComparison.Ordinal) + 1)..];

    // The error names Go packages: of the client's form the version, of the server's own form the group.
    private static string Internal(string apiVersion)
    {
        int slash = apiVersion.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? "core" : apiVersion[..slash].Split('.')[0];
    }
}
