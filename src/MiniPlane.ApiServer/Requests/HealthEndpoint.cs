using System.Text;
using Microsoft.AspNetCore.Http;

namespace MiniPlane.ApiServer.Requests;

/// <summary>
/// <c>/healthz</c>, <c>/livez</c> and <c>/readyz</c>, each with <c>?verbose</c>, <c>?exclude=</c> and a path per check
/// (k8s.io/apiserver/pkg/server/healthz).
/// </summary>
internal sealed class HealthEndpoint(IEnumerable<IHealthCheck> checks) : INonResourceEndpoint
{
    private readonly IHealthCheck[] _checks = [.. checks];

    public bool Matches(string path) => Root(path) is "healthz" or "livez" or "readyz";

    public Task HandleAsync(HttpContext context)
    {
        string[] parts = (context.Request.Path.Value ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries);
        IHealthCheck[] asked = [.. _checks.Where(check => parts[0] != "livez" || check.IsForLiveness)];
        if (parts.Length == 1)
        {
            return AnswerAllAsync(context, parts[0], asked);
        }

        string name = string.Join('/', parts.AsSpan(1).ToArray());
        IHealthCheck? one = Array.Find(asked, check => check.Name == name);
        return one is null ? NotFoundPage.WriteAsync(context) : AnswerOneAsync(context, one);
    }

    private static async Task AnswerAllAsync(HttpContext context, string name, IHealthCheck[] checks)
    {
        string[] excluded = [.. context.Request.Query["exclude"].OfType<string>()];
        var lines = new StringBuilder();
        bool isWell = true;
        foreach (IHealthCheck check in checks)
        {
            if (excluded.Contains(check.Name, StringComparer.Ordinal))
            {
                lines.Append("[+]").Append(check.Name).Append(" excluded: ok\n");
            }
            else if (check.Problem() is null)
            {
                lines.Append("[+]").Append(check.Name).Append(" ok\n");
            }
            else
            {
                // As upstream, the reason is for the log and for those who may ask the check itself.
                isWell = false;
                lines.Append("[-]").Append(check.Name).Append(" failed: reason withheld\n");
            }
        }

        string text = (isWell, context.Request.Query.ContainsKey("verbose")) switch
        {
            (true, false) => "ok",
            (true, true) => $"{lines}{name} check passed\n",
            _ => $"{lines}{name} check failed\n",
        };
        await WriteAsync(context, isWell ? 200 : 500, text);
    }

    private static Task AnswerOneAsync(HttpContext context, IHealthCheck check) => check.Problem() is { } problem
        ? WriteAsync(context, 500, $"internal server error: {problem}\n")
        : WriteAsync(context, 200, "ok");

    private static async Task WriteAsync(HttpContext context, int code, string text)
    {
        HttpResponse response = context.Response;
        response.StatusCode = code;
        response.ContentType = "text/plain; charset=utf-8";
        response.Headers.CacheControl = "no-cache, private";
        response.Headers.XContentTypeOptions = "nosniff";
        await response.WriteAsync(text, context.RequestAborted);
    }

    private static string Root(string path)
    {
        int slash = path.IndexOf('/', 1);
        return slash < 0 ? path[1..] : path[1..slash];
    }
}
