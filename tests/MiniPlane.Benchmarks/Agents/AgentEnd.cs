using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MiniPlane.Wire.Agent;
using MiniPlane.Wire.Grpc;

namespace MiniPlane.Benchmarks.Agents;

/// <summary>The control plane's end of the agents' channel, as little as an agent needs: one pod, and what the agent says about it.</summary>
internal sealed class AgentEnd : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly X509Certificate2 _authority;
    private readonly ByteString _pod;
    private readonly Action<AgentMessage> _heard;

    public AgentEnd(string podJson, Action<AgentMessage> heard)
    {
        (_pod, _heard) = (ByteString.CopyFromUtf8(podJson), heard);
        (_authority, X509Certificate2 server) = MakeCertificates(DateTimeOffset.UnixEpoch.AddYears(50));
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            listen.UseHttps(server);
        }));
        _app = builder.Build();
        _app.MapPost(AgentMethods.Connect, new RequestDelegate(context => GrpcServer.DuplexAsync(
            context,
            AgentMessage.Parser,
            GrpcLimits.Default,
            (GrpcDuplex<AgentMessage, ControlMessage> duplex, CancellationToken token) => TalkAsync(duplex, token),
            context.RequestAborted)));
    }

    public string Authority => _authority.ExportCertificatePem();

    public string Address => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    public Task StartAsync(CancellationToken cancellationToken) => _app.StartAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _authority.Dispose();
    }

    private async Task TalkAsync(GrpcDuplex<AgentMessage, ControlMessage> duplex, CancellationToken cancellationToken)
    {
        await foreach (AgentMessage message in duplex.ReadAllAsync(cancellationToken))
        {
            _heard(message);
            ControlMessage? answer = message.BodyCase switch
            {
                AgentMessage.BodyOneofCase.Hello => new() { Pod = new PodAssignment { PodJson = _pod, Site = new SiteSettings() } },
                AgentMessage.BodyOneofCase.Status => new() { StatusAck = new StatusAck { Sequence = message.Status.Sequence } },
                _ => null,
            };
            if (answer is not null)
            {
                await duplex.WriteAsync(answer, cancellationToken);
            }
        }
    }

    private static (X509Certificate2 Authority, X509Certificate2 Server) MakeCertificates(DateTimeOffset from)
    {
        DateTimeOffset to = from.AddYears(100);
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest authorityRequest = new("CN=bench-ca", authorityKey, HashAlgorithmName.SHA256);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        X509Certificate2 authority = authorityRequest.CreateSelfSigned(from, to);

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=server", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        using X509Certificate2 bare = request.Create(authority, from, to, [1]);
        return (authority, bare.CopyWithPrivateKey(key));
    }
}
