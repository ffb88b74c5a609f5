using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using MiniPlane.ApiServer.Bodies;
using MiniPlane.ApiServer.Requests;

namespace MiniPlane.ApiServer.Aggregation;

/// <summary>
/// Discovery of aggregated groups: <c>/apis/G</c> is known here, <c>/apis/G/V</c> and the OpenAPI of it are asked of the server
/// behind, the latter as long as its documents are not kept here.
/// </summary>
internal sealed class AggregatedPathEndpoint(AggregatedApis apis, AggregatedOpenApi schemas) : INonResourceEndpoint
{
    private const string OpenApi = "/openapi/v3";

    public bool Matches(string path) => apis.All.Count > 0 && (Api(path) is not null || IsGroup(path));

    public Task HandleAsync(HttpContext context)
    {
        string path = context.Request.Path.Value ?? "";
        return Api(path) is { } api
            ? apis.RelayAsync(context, api, UserFeature.Of(context))
            : StatusWriter.WriteJsonAsync(context, 200, Group(path.Trim('/').Split('/')[1]), AnswerFormat.Json);
    }

    /// <summary>meta.v1.APIGroup of an aggregated group.</summary>
    public JsonObject Group(string group)
    {
        string[] versions = [.. apis.All.Where(api => api.Group == group).OrderByDescending(api => api.VersionPriority).Select(api => api.Version)];
        return new JsonObject
        {
            ["kind"] = "APIGroup",
            ["apiVersion"] = "v1",
            ["name"] = group,
            ["versions"] = new JsonArray([.. versions.Select(version => Version(group, version))]),
            ["preferredVersion"] = Version(group, versions[0]),
        };
    }

    private static JsonObject Version(string group, string version) =>
        new() { ["groupVersion"] = $"{group}/{version}", ["version"] = version };

    private AggregatedApi? Api(string path)
    {
        bool isOpenApi = path.StartsWith(OpenApi, StringComparison.Ordinal);
        string api = isOpenApi ? path[OpenApi.Length..] : path;
        if (isOpenApi && schemas.V3(api.Trim('/')) is not null)
        {
            return null;
        }

        string[] parts = api.Trim('/').Split('/');
        return parts is ["apis", var group, var version] ? apis.Find(group, version) : null;
    }

    private bool IsGroup(string path) =>
        path.Trim('/').Split('/') is ["apis", var group] && apis.All.Any(api => api.Group == group);
}
