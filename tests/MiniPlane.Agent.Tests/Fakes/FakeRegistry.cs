using System.Collections.Concurrent;
using System.Formats.Tar;
using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MiniPlane.Agent.Tests.Fakes;

/// <summary>A registry on loopback that Apptainer itself pulls from, with accounts if a test wants them.</summary>
internal sealed class FakeRegistry : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, (string Type, byte[] Content)> _content = new(StringComparer.Ordinal);
    private int _now;

    private FakeRegistry(X509Certificate2? certificate)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null)
            {
                listen.UseHttps(certificate);
            }
        }));
        _app = builder.Build();
        _app.Map("/v2/{**rest}", new RequestDelegate(AnswerAsync));
    }

    /// <summary>127.0.0.1:PORT</summary>
    public string Address => new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Authority;

    /// <summary>user:password, when only that one may read.</summary>
    public string? Account { get; set; }

    /// <summary>Layers wait for it.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>How often a layer was asked for.</summary>
    public int Layers { get; private set; }

    /// <summary>The most layers that were on their way at once.</summary>
    public int MostAtOnce { get; private set; }

    /// <param name="certificate">For one that speaks TLS.</param>
    public static async Task<FakeRegistry> StartAsync(X509Certificate2? certificate = null)
    {
        FakeRegistry registry = new(certificate);
        await registry._app.StartAsync(CancellationToken.None);
        return registry;
    }

    /// <summary>Keeps an OCI image whose only file says <paramref name="text"/>.</summary>
    public string AddImage(string repository, string tag, string text)
    {
        byte[] layer = Layer(text);
        string config = Add(repository, "blobs", "application/octet-stream", Encoding.UTF8.GetBytes("""{"architecture":"amd64","os":"linux","config":{"Cmd":["/hello"]},"rootfs":{"type":"layers","diff_ids":["sha256:0000000000000000000000000000000000000000000000000000000000000000"]}}"""));
        string blob = Add(repository, "blobs", "layer", layer);
        return AddManifest(repository, tag, $$"""
            {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",
             "config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"{{config}}","size":{{_content[$"{repository}/blobs/{config}"].Content.Length}} },
             "layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"{{blob}}","size":{{layer.Length}} }]}
            """);
    }

    /// <summary>Keeps a SIF file, as <c>apptainer push oras://</c> does.</summary>
    public void AddSif(string repository, string tag, byte[] sif)
    {
        string config = Add(repository, "blobs", "application/octet-stream", "{}"u8.ToArray());
        string blob = Add(repository, "blobs", "layer", sif);
        AddManifest(repository, tag, $$"""
            {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",
             "config":{"mediaType":"application/vnd.sylabs.sif.config.v1+json","digest":"{{config}}","size":2},
             "layers":[{"mediaType":"application/vnd.sylabs.sif.layer.v1.sif","digest":"{{blob}}","size":{{sif.Length}}, "annotations":{"org.opencontainers.image.title":"x.sif"} }]}
            """);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private static byte[] Layer(string text)
    {
        using MemoryStream bytes = new();
        using (GZipStream zip = new(bytes, CompressionLevel.Fastest))
        using (TarWriter tar = new(zip))
        {
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "hello") { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)), Mode = (UnixFileMode)0x1ed });
        }

        return bytes.ToArray();
    }

    private string AddManifest(string repository, string tag, string json)
    {
        byte[] content = Encoding.UTF8.GetBytes(json);
        _content[$"{repository}/manifests/{tag}"] = ("application/vnd.oci.image.manifest.v1+json", content);
        return Add(repository, "manifests", "application/vnd.oci.image.manifest.v1+json", content);
    }

    private string Add(string repository, string kind, string type, byte[] content)
    {
        string digest = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(content));
        _content[$"{repository}/{kind}/{digest}"] = (type, content);
        return digest;
    }

    private async Task AnswerAsync(HttpContext context)
    {
        string path = context.Request.RouteValues["rest"]?.ToString() ?? "";
        if (Account is { } account && context.Request.Headers.Authorization != "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(account)))
        {
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"registry\"";
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        if (path.Length == 0)
        {
            return;
        }

        if (!_content.TryGetValue(path, out (string Type, byte[] Content) found))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        bool isLayer = found.Type == "layer" && HttpMethods.IsGet(context.Request.Method);
        if (isLayer)
        {
            Begin();
            await Gate.WaitAsync(context.RequestAborted);
        }

        context.Response.ContentType = isLayer ? "application/octet-stream" : found.Type;
        context.Response.ContentLength = found.Content.Length;
        context.Response.Headers["Docker-Content-Digest"] = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(found.Content));
        if (HttpMethods.IsGet(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(found.Content, context.RequestAborted);
        }

        if (isLayer)
        {
            Interlocked.Decrement(ref _now);
        }
    }

    private void Begin()
    {
        lock (_content)
        {
            Layers++;
            MostAtOnce = Math.Max(MostAtOnce, Interlocked.Increment(ref _now));
        }
    }
}
