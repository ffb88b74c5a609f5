using Microsoft.AspNetCore.Http;

namespace MiniPlane.ApiServer.Requests;

/// <summary>
/// A path that is not a resource: discovery, OpenAPI, version, health. Called after authentication and authorization; the first
/// match in registration order answers. Refusals are <see cref="Objects.Errors.ApiException"/>.
/// </summary>
public interface INonResourceEndpoint
{
    /// <param name="path">The request's path, beginning with a slash.</param>
    bool Matches(string path);

    Task HandleAsync(HttpContext context);
}
