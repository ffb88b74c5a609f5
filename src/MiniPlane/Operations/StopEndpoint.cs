using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using MiniPlane.ApiServer.Requests;
using MiniPlane.Objects.Errors;

namespace MiniPlane.Operations;

/// <summary><c>POST /miniplane/stop</c>: ends the server, for those who may post to this path (by default administrators).</summary>
internal sealed class StopEndpoint(IHostApplicationLifetime lifetime) : INonResourceEndpoint
{
    public const string Path = "/miniplane/stop";

    public bool Matches(string path) => path == Path;

    public Task HandleAsync(HttpContext context)
    {
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            throw ApiErrors.MethodNotAllowed();
        }

        context.Response.StatusCode = StatusCodes.Status202Accepted;
        context.Response.OnCompleted(() =>
        {
            lifetime.StopApplication();
            return Task.CompletedTask;
        });
        return Task.CompletedTask;
    }
}
