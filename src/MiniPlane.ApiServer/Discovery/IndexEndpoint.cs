using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using MiniPlane.ApiServer.Requests;
using MiniPlane.Objects.Catalogue;

namespace MiniPlane.ApiServer.Discovery;

/// <summary><c>/</c>: all paths that can be asked for (meta/v1 RootPaths).</summary>
internal sealed class IndexEndpoint(IKindCatalogue catalogue, IEnumerable<IHealthCheck> checks) : INonResourceEndpoint
{
    private static readonly string[] Fixed =
    [
        "/.well-known/openid-configuration", "/api", "/apis", "/apis/", "/healthz", "/livez", "/metrics", "/openapi/v2", "/openapi/v3",
        "/openapi/v3/", "/openid/v1/jwks", "/readyz", "/version",
    ];

    private readonly IHealthCheck[] _checks = [.. checks];

    public bool Matches(string path) => path is "/" or "/index.html";

    public Task HandleAsync(HttpContext context)
    {
        DocumentWriter.RequireRead(context);
        var paths = new SortedSet<string>(Fixed, StringComparer.Ordinal);
        foreach (KindDefinition kind in catalogue.Kinds)
        {
            paths.Add(kind.Group.Length == 0 ? $"/api/{kind.Version}" : $"/apis/{kind.Group}/{kind.Version}");
            if (kind.Group.Length > 0)
            {
                paths.Add($"/apis/{kind.Group}");
            }
        }

        foreach (IHealthCheck check in _checks)
        {
            paths.Add($"/healthz/{check.Name}");
            paths.Add($"/readyz/{check.Name}");
            if (check.IsForLiveness)
            {
                paths.Add($"/livez/{check.Name}");
            }
        }

        var body = new JsonObject { ["paths"] = new JsonArray([.. paths.Select(path => (JsonNode)path)]) };
        return StatusWriter.WriteRawAsync(context, body);
    }
}
