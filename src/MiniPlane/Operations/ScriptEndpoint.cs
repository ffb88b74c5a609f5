using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using MiniPlane.ApiServer.Requests;
using MiniPlane.Objects.Errors;
using MiniPlane.Workloads.Translation;

namespace MiniPlane.Operations;

/// <summary>
/// <c>POST /miniplane/script</c>: the job script that a pod becomes here, or what is wrong with the pod. The pod is the request's body, so
/// that who may not read a pod does not see its script.
/// </summary>
internal sealed class ScriptEndpoint(IJobPreview preview) : INonResourceEndpoint
{
    public const string Path = "/miniplane/script";

    private const int MostBytes = 3 * 1024 * 1024;

    public bool Matches(string path) => path == Path;

    public async Task HandleAsync(HttpContext context)
    {
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            throw ApiErrors.MethodNotAllowed();
        }

        JsonObject pod = await ReadAsync(context);
        var errors = new FieldErrors();
        string? script = preview.Preview(pod, errors);
        var answer = new JsonObject
        {
            ["script"] = script,
            ["errors"] = new JsonArray([.. errors.Causes.Select(cause => (JsonNode)JsonValue.Create($"{cause.Field}: {cause.Message}")!)]),
        };
        byte[] body = Encoding.UTF8.GetBytes(answer.ToJsonString());
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        await context.Response.BodyWriter.WriteAsync(body, context.RequestAborted);
    }

    private static async Task<JsonObject> ReadAsync(HttpContext context)
    {
        if (context.Request.ContentLength is null or > MostBytes)
        {
            throw ApiErrors.BadRequest("the body must be a pod and tell its length");
        }

        try
        {
            return await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted) as JsonObject
                ?? throw ApiErrors.BadRequest("the body must be a pod");
        }
        catch (JsonException exception)
        {
            throw ApiErrors.BadRequest(exception.Message);
        }
    }
}
