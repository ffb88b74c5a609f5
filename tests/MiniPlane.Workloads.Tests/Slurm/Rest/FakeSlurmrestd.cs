using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using MiniPlane.Workloads.Slurm.Rest;

namespace MiniPlane.Workloads.Tests.Slurm.Rest;

/// <summary>Answers on a unix socket with what a real slurmrestd of a Slurm release has answered (Samples/RELEASE), and keeps a record.</summary>
internal sealed class FakeSlurmrestd : IAsyncDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("mp-rest").FullName;
    private readonly string _release;
    private readonly WebApplication _app;
    private readonly Dictionary<string, (int Status, string Body)> _instead = new(StringComparer.Ordinal);

    private FakeSlurmrestd(string release)
    {
        _release = release;
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(Path.Combine(_directory, "sock")));
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    public RestAddress Address => RestAddress.Parse($"unix:{_directory}/sock");

    /// <summary>Method and path of each request.</summary>
    public List<string> Asked { get; } = [];

    public string LastBody { get; private set; } = "";

    public IHeaderDictionary LastHeaders { get; private set; } = new HeaderDictionary();

    public static async Task<FakeSlurmrestd> StartAsync(string release)
    {
        var fake = new FakeSlurmrestd(release);
        await fake._app.StartAsync();
        return fake;
    }

    public static string Sample(string release, string file) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Samples", release, file));

    /// <summary>Answers this for a path (its last part) from now on.</summary>
    public FakeSlurmrestd Instead(string path, int status, string body)
    {
        _instead[path] = (status, body);
        return this;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        Asked.Add($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}");
        LastHeaders = new HeaderDictionary(context.Request.Headers.ToDictionary(header => header.Key, header => header.Value, StringComparer.OrdinalIgnoreCase));
        using var reader = new StreamReader(context.Request.Body);
        LastBody = await reader.ReadToEndAsync(context.RequestAborted);
        string path = context.Request.Path.Value ?? "";
        string last = path[(path.LastIndexOf('/') + 1)..];
        if (_instead.TryGetValue(last, out (int Status, string Body) other))
        {
            context.Response.StatusCode = other.Status;
            await context.Response.WriteAsync(other.Body, context.RequestAborted);
            return;
        }

        string file = last switch
        {
            "v3" => "rest-openapi.json",
            "ping" or "jobs" or "nodes" or "partitions" => $"rest-{last}.json",
            "submit" => "rest-submitted.json",
            _ when path.StartsWith("/slurmdb/", StringComparison.Ordinal) => "rest-account.json",
            _ => "rest-unknown.json",
        };
        await context.Response.WriteAsync(Sample(_release, file), context.RequestAborted);
    }
}
