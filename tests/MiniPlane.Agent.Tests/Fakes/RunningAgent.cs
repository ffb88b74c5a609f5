using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;
using MiniPlane.Agent.Connection;
using MiniPlane.Wire.Agent;
using MiniPlane.Wire.Grpc;

namespace MiniPlane.Agent.Tests.Fakes;

/// <summary>A whole agent in this process, against a control plane on loopback.</summary>
internal sealed class RunningAgent : IAsyncDisposable
{
    private readonly X509Certificate2 _authority;
    private readonly SocketsHttpHandler _http;
    private readonly ControlLink _link;

    private RunningAgent(FakeControlPlane plane, string directory, string toldAddress)
    {
        Directory = directory;
        Configuration = new AgentConfiguration
        {
            Endpoints = [toldAddress],
            CaCertificate = plane.CaCertificate,
            Token = "token",
            PodUid = Path.GetFileName(directory),
            PodDirectory = directory,
            Settings = new AgentSettings { AllowHostRuntime = true, FinalReportSeconds = 5 },
        };
        _authority = X509Certificate2.CreateFromPem(plane.CaCertificate);
        _http = GrpcHandlers.Pinned(_authority);
        Host = new AgentHost(Configuration, Outbox, NullLoggerFactory.Instance, TimeProvider.System);
        _link = new ControlLink(
            Configuration, Host.SayHello, Outbox, Host, _http, NullLogger<ControlLink>.Instance, TimeProvider.System);
    }

    public string Directory { get; }

    public AgentConfiguration Configuration { get; }

    public Outbox Outbox { get; } = new();

    public AgentHost Host { get; }

    /// <summary>The exit code, once the pod is over.</summary>
    public Task<int> Ended { get; private set; } = Task.FromResult(-1);

    /// <param name="plane">The control plane.</param>
    /// <param name="specJson">The pod's spec.</param>
    /// <param name="host">Whether its containers are processes of this host.</param>
    /// <param name="foreseen">The spec by which the pod was submitted, when the agent is to begin early.</param>
    /// <param name="movedFrom">Where the agent believes the control plane to be, when its file says otherwise by now.</param>
    public static async Task<RunningAgent> StartAsync(FakeControlPlane plane, string specJson, bool host = true, string? movedFrom = null, string? foreseen = null)
    {
        string directory = System.IO.Directory.CreateTempSubdirectory("mp-agent").FullName;
        RunningAgent agent = new(plane, directory, movedFrom ?? plane.Address);
        if (movedFrom is not null)
        {
            (agent.Configuration with { Endpoints = [plane.Address] }).Save(Path.Combine(directory, AgentConfiguration.FileName));
        }

        JsonObject pod = new()
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = "web",
                ["namespace"] = "default",
                ["uid"] = agent.Configuration.PodUid,
                ["labels"] = new JsonObject { ["app"] = "web" },
                ["annotations"] = host ? new JsonObject { ["miniplane.io/runtime"] = "host" } : [],
            },
            ["spec"] = JsonNode.Parse(specJson),
        };
        plane.Assignment.PodJson = ByteString.CopyFrom(Encoding.UTF8.GetBytes(pod.ToJsonString()));
        if (foreseen is not null)
        {
            pod["spec"] = JsonNode.Parse(foreseen);
            PodAssignment early = new() { PodJson = ByteString.CopyFromUtf8(pod.ToJsonString()), Site = plane.Assignment.Site };
            await File.WriteAllBytesAsync(Path.Combine(directory, AgentConfiguration.ForeseenFileName), early.ToByteArray());
            agent.Host.Foresee();
        }

        await agent._link.StartAsync(CancellationToken.None);
        agent.Ended = agent.Host.RunAsync(CancellationToken.None);
        return agent;
    }

    /// <summary>Waits for the end of the pod; says what is known when it does not come.</summary>
    public async Task<int> EndAsync(FakeControlPlane plane)
    {
        await plane.UntilAsync(_ => Ended.IsCompleted, "the pod ends", TimeSpan.FromSeconds(60));
        return await Ended;
    }

    public async ValueTask DisposeAsync()
    {
        Host.Terminate("the test is over");
        Host.Stop(new StopPod { GracePeriodSeconds = 0 });
        await Ended.WaitAsync(TimeSpan.FromSeconds(30));
        await _link.StopAsync(CancellationToken.None);
        _link.Dispose();
        Host.Dispose();
        _http.Dispose();
        _authority.Dispose();
        Agent.Runtime.ScratchDirectory.Remove(Directory);
    }
}
