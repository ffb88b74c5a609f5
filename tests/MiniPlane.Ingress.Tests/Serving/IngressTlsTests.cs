using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using MiniPlane.Testing;

namespace MiniPlane.Ingress.Tests.Serving;

/// <summary>TLS at the door and HTTP/2 all the way, as a gRPC client and its server have it.</summary>
public sealed class IngressTlsTests : IAsyncLifetime
{
    private readonly IngressRig _rig = new();
    private WebApplication? _pod;
    private string? _subject;

    public async Task InitializeAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        _pod = builder.Build();
        _pod.Run(EchoAsync);
        await _pod.StartAsync(CancellationToken.None);
        await _rig.StartAsync();
        await _rig.ServeAsync("grpc", new Uri(_pod.Urls.First()).Port);
        await _rig.CreateAsync("Secret", Certificate());
        await _rig.CreateAsync("Ingress", """
            { "apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": { "name": "grpc", "namespace": "default",
                "annotations": { "nginx.ingress.kubernetes.io/backend-protocol": "GRPC" } },
              "spec": { "ingressClassName": "miniplane", "tls": [ { "hosts": [ "grpc.example" ], "secretName": "grpc-tls" } ],
                "rules": [ { "host": "grpc.example", "http": { "paths": [
                  { "path": "/", "pathType": "Prefix", "backend": { "service": { "name": "grpc", "port": { "number": 80 } } } } ] } } ] } }
            """);
        await Eventually.TrueAsync(
            async () =>
            {
                using HttpClient client = Client("grpc.example");
                using HttpResponseMessage answer = await CallAsync(client, new StringContent(""));
                return answer.StatusCode == HttpStatusCode.OK && _subject == "CN=grpc.example";
            },
            "it is served");
    }

    public async Task DisposeAsync()
    {
        await _rig.DisposeAsync();
        if (_pod is not null)
        {
            await _pod.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_call_goes_both_ways_at_once_and_ends_with_trailers()
    {
        using HttpClient client = Client("grpc.example");
        var pipe = new Pipe();
        await pipe.Writer.WriteAsync("one "u8.ToArray(), CancellationToken.None);
        using HttpResponseMessage answer = await CallAsync(client, new FlushedContent(pipe.Reader.AsStream()));
        await using Stream body = await answer.Content.ReadAsStreamAsync(CancellationToken.None);

        byte[] first = new byte[4];
        await body.ReadExactlyAsync(first, CancellationToken.None);
        await pipe.Writer.WriteAsync("two"u8.ToArray(), CancellationToken.None);
        await pipe.Writer.CompleteAsync();
        using var reader = new StreamReader(body);
        string rest = await reader.ReadToEndAsync(CancellationToken.None);

        Assert.Equal(("one ", "two"), (Encoding.UTF8.GetString(first), rest));
        Assert.Equal(HttpVersion.Version20, answer.Version);
        Assert.Equal("0", answer.TrailingHeaders.GetValues("grpc-status").Single());
    }

    [Fact]
    public async Task A_host_without_a_certificate_of_its_own_gets_the_built_in_one()
    {
        using HttpClient client = Client("other.example");

        using HttpResponseMessage answer = await CallAsync(client, new StringContent(""));

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.NotEqual("CN=grpc.example", _subject);
    }

    private static async Task EchoAsync(HttpContext context)
    {
        byte[] block = new byte[64];
        int read;
        while ((read = await context.Request.Body.ReadAsync(block, context.RequestAborted)) > 0)
        {
            await context.Response.Body.WriteAsync(block.AsMemory(0, read), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }

        context.Response.AppendTrailer("grpc-status", context.Request.Headers.TE == "trailers" ? "0" : "2");
    }

    private static string Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=grpc.example", key, HashAlgorithmName.SHA256);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        string Encoded(string pem) => Convert.ToBase64String(Encoding.ASCII.GetBytes(pem));
        return $$"""
            { "apiVersion": "v1", "kind": "Secret", "type": "kubernetes.io/tls", "metadata": { "name": "grpc-tls", "namespace": "default" },
              "data": { "tls.crt": "{{Encoded(certificate.ExportCertificatePem())}}", "tls.key": "{{Encoded(key.ExportPkcs8PrivateKeyPem())}}" } }
            """;
    }

    private HttpClient Client(string host) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancellationToken) =>
        {
            var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
            await Eventually.TrueAsync(() => _rig.Server.Listening.Count == 2, "it listens");
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, _rig.Server.Listening[1].Port), cancellationToken);
            return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
        },
        SslOptions = new SslClientAuthenticationOptions
        {
            TargetHost = host,
#pragma warning disable CA5359 // Which certificate comes is what the tests look at.
            RemoteCertificateValidationCallback = (_, certificate, _, _) =>
#pragma warning restore CA5359
            {
                _subject = certificate?.Subject;
                return true;
            },
        },
    })
    { BaseAddress = new Uri($"https://{host}/") };

    private static async Task<HttpResponseMessage> CallAsync(HttpClient client, HttpContent content)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/echo.Echo/Stream")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, CancellationToken.None);
    }

    /// <summary>Each piece goes out at once, as a gRPC client sends its messages.</summary>
    private sealed class FlushedContent(Stream source) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            byte[] block = new byte[64];
            int read;
            await stream.FlushAsync();
            while ((read = await source.ReadAsync(block)) > 0)
            {
                await stream.WriteAsync(block.AsMemory(0, read));
                await stream.FlushAsync();
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
