using System.Text;
using Microsoft.AspNetCore.Http;
using MiniPlane.ApiServer.Requests;

namespace MiniPlane.ApiServer.Metrics;

/// <summary><c>/metrics</c> in the Prometheus text format, for those whom the role <c>system:monitoring</c> or another lets.</summary>
internal sealed class MetricsEndpoint(IEnumerable<IMetricsSource> sources) : INonResourceEndpoint
{
    private readonly IMetricsSource[] _sources = [.. sources];

    public bool Matches(string path) => path is "/metrics" or "/metrics/";

    public async Task HandleAsync(HttpContext context)
    {
        var text = new MetricsText();
        foreach (IMetricsSource source in _sources)
        {
            source.Write(text);
        }

        byte[] body = Encoding.UTF8.GetBytes(text.ToString());
        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        context.Response.ContentLength = body.Length;
        await context.Response.BodyWriter.WriteAsync(body, context.RequestAborted);
    }
}
