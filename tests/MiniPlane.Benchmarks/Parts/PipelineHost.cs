using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using MiniPlane.ApiServer;
using MiniPlane.ApiServer.Requests;
using MiniPlane.Store;

namespace MiniPlane.Benchmarks.Parts;

/// <summary>The API server without its rim: requests enter the dispatcher directly, and the store is memory.</summary>
internal sealed class PipelineHost : IAsyncDisposable
{
    private const string Token = "bench-token";
    private readonly ServiceProvider _services;
    private readonly ApiDispatcher _dispatcher;
    private readonly string _directory;

    private PipelineHost(ServiceProvider services, string directory)
    {
        _services = services;
        _directory = directory;
        _dispatcher = services.GetRequiredService<ApiDispatcher>();
    }

    public static async Task<PipelineHost> StartAsync()
    {
        string directory = Directory.CreateTempSubdirectory("miniplane-parts-").FullName;
        string tokens = Path.Combine(directory, "tokens.csv");
        await File.WriteAllTextAsync(tokens, $"{Token},bench,u-1,\"system:masters\"\n");
        var services = new ServiceCollection();
        services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        services.AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
        services.AddSingleton<Microsoft.Extensions.Hosting.IHostApplicationLifetime, NoLifetime>();
        services.AddRevisionStore(new StoreOptions { Kind = StoreKind.Memory });
        services.AddApiServer(new ApiServerOptions
        {
            DataDirectory = directory,
            BindAddress = IPAddress.Loopback,
            Port = 1,
            TokenFile = tokens,
            AuthorizationMode = AuthorizationMode.AlwaysAllow,
        });
        var host = new PipelineHost(services.BuildServiceProvider(), directory);
        await host.SendAsync("POST", "/api/v1/namespaces", """{"metadata":{"name":"default"}}""", "application/json");
        await host.SendAsync("POST", $"{Api.Namespace}/serviceaccounts", """{"metadata":{"name":"default"}}""", "application/json");
        return host;
    }

    /// <summary>One request, from parsed HTTP to written answer; throws when it was refused.</summary>
    public async Task SendAsync(string method, string path, string? body, string type)
    {
        var context = new DefaultHttpContext { RequestServices = _services };
        int question = path.IndexOf('?', StringComparison.Ordinal);
        context.Request.Method = method;
        context.Request.Path = question < 0 ? path : path[..question];
        context.Request.QueryString = question < 0 ? default : new QueryString(path[question..]);
        context.Request.Headers.Authorization = "Bearer " + Token;
        context.Request.Headers.UserAgent = "bench/1.0";
        context.Request.Headers.Accept = "application/json";
        if (body is not null)
        {
            context.Request.ContentType = type;
            context.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(body));
        }

        using var answer = new CountingStream();
        context.Response.Body = answer;
        await _dispatcher.HandleAsync(context);
        if (context.Response.StatusCode >= 300)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{method} {path}: {context.Response.StatusCode}"));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private sealed class NoLifetime : Microsoft.Extensions.Hosting.IHostApplicationLifetime
    {
        public CancellationToken ApplicationStarted => CancellationToken.None;

        public CancellationToken ApplicationStopping => CancellationToken.None;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication()
        {
        }
    }
}
