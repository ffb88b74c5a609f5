using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MiniPlane.Objects.Documents;
using MiniPlane.Testing;
using MiniPlane.Wire.Agent;
using MiniPlane.Wire.Grpc;

namespace MiniPlane.Agent.Tests.Fakes;

/// <summary>The control plane's end of the agent channel: gives out one pod, acknowledges statuses, writes down what it hears.</summary>
internal sealed class FakeControlPlane : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly X509Certificate2 _authority;
    private readonly ConcurrentDictionary<ulong, FakeStream> _streams = new();
    private readonly CancellationTokenSource _superseded = new();
    private GrpcDuplex<AgentMessage, ControlMessage>? _connection;
    private ulong _lastStream;

    private FakeControlPlane(X509Certificate2 authority, X509Certificate2 server)
    {
        _authority = authority;
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

    public PodAssignment Assignment { get; } = new() { Site = new SiteSettings { ClusterDomain = "cluster.local" } };

    public ConcurrentQueue<JsonObject> Statuses { get; } = new();

    public ConcurrentQueue<EventReport> Events { get; } = new();

    public Hello? Hello { get; private set; }

    public Bye? Bye { get; private set; }

    public JsonObject? Status => Statuses.LastOrDefault();

    public string CaCertificate => _authority.ExportCertificatePem();

    public string Address => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    public static async Task<FakeControlPlane> StartAsync()
    {
        (X509Certificate2 authority, X509Certificate2 server) = MakeCertificates();
        FakeControlPlane plane = new(authority, server);
        await plane._app.StartAsync(CancellationToken.None);
        return plane;
    }

    public async Task UntilAsync(Func<JsonObject, bool> condition, string because, TimeSpan? limit = null)
    {
        try
        {
            await Eventually.TrueAsync(() => Status is { } status && condition(status), because, limit);
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"{exception.Message}\nlast status: {Status?.ToJsonString()}\n{EventText}", exception);
        }
    }

    public Task UntilPhaseAsync(string phase) =>
        UntilAsync(status => status.Text("phase") == phase, $"the pod becomes {phase}", TimeSpan.FromSeconds(40));

    public string EventText => string.Join("\n", Events.Select(report => $"{report.Reason}: {report.Message}"));

    /// <summary>From now on the pod is another agent's: this connection ends, and the next ones are refused.</summary>
    public Task SupersedeAsync() => _superseded.CancelAsync();

    public async Task SendAsync(ControlMessage message) => await _connection!.WriteAsync(message, CancellationToken.None);

    /// <summary>Opens a stream and waits for its end.</summary>
    public async Task<FakeStream> OpenAsync(OpenStream request, string? input = null)
    {
        FakeStream stream = await BeginAsync(request);
        if (input is not null)
        {
            await SendAsync(new ControlMessage
            {
                StreamData = new StreamData { Id = stream.Id, Data = ByteString.CopyFromUtf8(input), EndOfChannel = true },
            });
        }

        await stream.Closed.WaitAsync(TimeSpan.FromSeconds(30), CancellationToken.None);
        return stream;
    }

    public async Task<FakeStream> BeginAsync(OpenStream request)
    {
        FakeStream stream = new(Interlocked.Increment(ref _lastStream));
        request.Id = stream.Id;
        _streams[stream.Id] = stream;
        await SendAsync(new ControlMessage { OpenStream = request });
        return stream;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
        _superseded.Dispose();
        _authority.Dispose();
    }

    private async Task TalkAsync(GrpcDuplex<AgentMessage, ControlMessage> duplex, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _superseded.Token);
        if (_superseded.IsCancellationRequested)
        {
            throw new GrpcException(GrpcStatusCode.FailedPrecondition, "a later life of the job has the pod");
        }

        await foreach (AgentMessage message in duplex.ReadAllAsync(ending.Token))
        {
            switch (message.BodyCase)
            {
                case AgentMessage.BodyOneofCase.Hello:
                    Hello = message.Hello;
                    _connection = duplex;
                    await duplex.WriteAsync(new ControlMessage { Pod = Assignment }, cancellationToken);
                    break;
                case AgentMessage.BodyOneofCase.Status:
                    Statuses.Enqueue(JsonNode.Parse(message.Status.StatusJson.Span)!.AsObject());
                    await duplex.WriteAsync(
                        new ControlMessage { StatusAck = new StatusAck { Sequence = message.Status.Sequence } }, cancellationToken);
                    break;
                case AgentMessage.BodyOneofCase.Event:
                    Events.Enqueue(message.Event);
                    break;
                case AgentMessage.BodyOneofCase.StreamData:
                    _streams[message.StreamData.Id].Take(message.StreamData);
                    break;
                case AgentMessage.BodyOneofCase.StreamClosed:
                    _streams[message.StreamClosed.Id].End(message.StreamClosed);
                    break;
                case AgentMessage.BodyOneofCase.Bye:
                    Bye = message.Bye;
                    break;
                default:
                    break;
            }
        }
    }

    private static (X509Certificate2 Authority, X509Certificate2 Server) MakeCertificates()
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest authorityRequest = new("CN=test-ca", authorityKey, HashAlgorithmName.SHA256);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        X509Certificate2 authority = authorityRequest.CreateSelfSigned(now.AddMinutes(-5), now.AddDays(1));

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=server", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        using X509Certificate2 bare = request.Create(authority, now.AddMinutes(-1), now.AddHours(1), [1]);
        return (authority, bare.CopyWithPrivateKey(key));
    }
}
