using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MiniPlane.ApiServer.Identity;
using MiniPlane.Objects.Cluster;
using MiniPlane.Store;
using MiniPlane.Testing;

namespace MiniPlane.ApiServer.Tests.Hosting;

/// <summary>The whole API server on loopback with the store in memory, and a client that is its administrator.</summary>
public sealed class TestApiServer : IAsyncDisposable
{
    public const string AdminToken = "admin-token";
    public const string UserToken = "user-token";

    private readonly WebApplication _app;
    private readonly string _directory;

    private TestApiServer(WebApplication app, string directory)
    {
        _app = app;
        _directory = directory;
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features
            .Get<IServerAddressesFeature>()!.Addresses.First().Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal));
        Admin = NewClient(AdminToken);
    }

    public Uri Address { get; }

    public HttpClient Admin { get; }

    public string DataDirectory => _directory;

    public IServiceProvider Services => _app.Services;

    public IClusterClient Cluster => _app.Services.GetRequiredService<IClusterClient>();

    public static async Task<TestApiServer> StartAsync(
        Func<ApiServerOptions, ApiServerOptions>? change = null, Action<IServiceCollection>? services = null)
    {
        string directory = Directory.CreateTempSubdirectory("miniplane-test-").FullName;
        string tokens = Path.Combine(directory, "tokens.csv");
        await File.WriteAllTextAsync(
            tokens, $"{AdminToken},admin,u-1,\"system:masters\"\n{UserToken},jane,u-2,\"team-a,team-b\"\n");
        var options = new ApiServerOptions
        {
            DataDirectory = directory,
            BindAddress = IPAddress.Loopback,
            Port = 0,
            TokenFile = tokens,
        };
        options = change?.Invoke(options) ?? options;
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenForApiServer(options));
        builder.Services.AddRevisionStore(new StoreOptions { Kind = StoreKind.Memory });
        builder.Services.AddApiServer(options);
        services?.Invoke(builder.Services);
        WebApplication app = builder.Build();
        app.UseApiServer();
        await app.StartAsync(CancellationToken.None);
        var server = new TestApiServer(app, directory);
        foreach (string name in (string[])["default", "kube-system"])
        {
            await server.PostAsync("/api/v1/namespaces", $$"""{"metadata":{"name":"{{name}}"} }""");
        }

        await server.WaitUntilReadyAsync();
        return server;
    }

    public HttpClient NewClient(string? token, SocketsHttpHandler? handler = null)
    {
        handler ??= new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            CustomTrustStore = { X509Certificate2.CreateFromPem(Services.GetRequiredService<ClusterPki>().AuthorityPem) },
        };
        var client = new HttpClient(handler) { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(30) };
        if (token is not null)
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        client.DefaultRequestHeaders.UserAgent.ParseAdd("tests/1.0");
        return client;
    }

    public Task<Answer> GetAsync(string path, string? accept = null) => SendAsync(HttpMethod.Get, path, null, null, accept);

    public Task<Answer> PostAsync(string path, string body, string type = "application/json") =>
        SendAsync(HttpMethod.Post, path, body, type);

    public Task<Answer> PutAsync(string path, string body) => SendAsync(HttpMethod.Put, path, body, "application/json");

    public Task<Answer> PatchAsync(string path, string body, string type = "application/merge-patch+json") =>
        SendAsync(HttpMethod.Patch, path, body, type);

    public Task<Answer> DeleteAsync(string path, string? body = null) =>
        SendAsync(HttpMethod.Delete, path, body, body is null ? null : "application/json");

    public async Task<Answer> SendAsync(
        HttpMethod method, string path, string? body, string? type, string? accept = null, HttpClient? client = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8);
            request.Content.Headers.ContentType = type is null ? null : new MediaTypeHeaderValue(type);
        }

        if (accept is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
        }

        using HttpResponseMessage response = await (client ?? Admin).SendAsync(request, CancellationToken.None);
        string text = await response.Content.ReadAsStringAsync(CancellationToken.None);
        bool isStream = response.IsSuccessStatusCode && path.Contains("watch=", StringComparison.Ordinal);
        bool isJson = response.Content.Headers.ContentType?.MediaType == "application/json" && !isStream;
        return new Answer(
            (int)response.StatusCode,
            isJson ? JsonNode.Parse(text) : null,
            text,
            response.Headers.TryGetValues("Warning", out IEnumerable<string>? warnings) ? [.. warnings] : []);
    }

    private Task WaitUntilReadyAsync() =>
        Eventually.TrueAsync(async () => (await GetAsync("/readyz")).Code == 200, "the server is ready");

    public async ValueTask DisposeAsync()
    {
        Admin.Dispose();
        await _app.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
