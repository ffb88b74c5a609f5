using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using MiniPlane.Agent.Connection;
using MiniPlane.Agent.Networks;
using MiniPlane.Objects.Networking;
using MiniPlane.Objects.Processes;
using MiniPlane.Wire.Agent;
using MiniPlane.Wire.Grpc;

namespace MiniPlane.Agent;

/// <summary>
/// miniplane-agent --config FILE: runs one pod on a compute node. The order of things: read agent.json, enter the network that the pod
/// joins, dial the control plane, get the pod, run it, report its end.
/// </summary>
internal static class Program
{
    private const int BadUsage = 64;
    private const int BadConfiguration = 78;
    private const int NetworkUseless = 69;
    private static readonly TimeSpan FinishLimit = TimeSpan.FromSeconds(3);

    private static async Task<int> Main(string[] arguments)
    {
        RuntimeFiles.Remove();
        using StandardErrorLogs loggers = new(TimeProvider.System);
        if (AgentStart.Parse(arguments) is not { } start)
        {
            await StandardErrorLogs.WriteLineAsync(AgentStart.Usage);
            return BadUsage;
        }

        AgentConfiguration configuration;
        try
        {
            configuration = AgentConfiguration.Load(start.ConfigurationFile);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            await StandardErrorLogs.WriteLineAsync($"{start.ConfigurationFile}: {exception.Message}");
            return BadConfiguration;
        }

        return await RunAsync(start, configuration, loggers);
    }

    private static async Task<int> RunAsync(AgentStart start, AgentConfiguration configuration, ILoggerFactory loggers)
    {
        TimeProvider time = TimeProvider.System;
        if (await JobClaim.TakeAsync(configuration.PodDirectory, JobClaim.Name, time, CancellationToken.None) is { } other)
        {
            await StandardErrorLogs.WriteLineAsync($"job {other} runs this pod; this one leaves it alone");
            return 0;
        }

        string? trouble = null;
        if (configuration.Settings.Network is { } network)
        {
            NetworkEntry entry = new(configuration, network, time);
            if (start.HostIp is not null && !await entry.ArriveAsync(CancellationToken.None))
            {
                return NetworkUseless;
            }

            // On success this program is another one from here on.
            trouble = start.HostIp is null ? await entry.EnterAsync(start, CancellationToken.None) : null;
        }

        Outbox outbox = new();
        using AgentHost host = new(configuration, outbox, loggers, time) { HostIp = start.HostIp, NetworkTrouble = trouble };

        // What takes longest is begun first, before anything else is loaded.
        host.Foresee();
        HostTrust.HideFromRuntime();
        using X509Certificate2? authority = ReadAuthority(configuration);
        if (authority is null)
        {
            await StandardErrorLogs.WriteLineAsync($"{start.ConfigurationFile}: the control plane's certificate cannot be read");
            return BadConfiguration;
        }

        using SocketsHttpHandler http = GrpcHandlers.Pinned(authority);
        using ControlLink link = new(configuration, host.SayHello, outbox, host, http, loggers.CreateLogger<ControlLink>(), time);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);

        await link.StartAsync(CancellationToken.None);
        int exitCode = await host.RunAsync(CancellationToken.None);
        if (host.IsSuperseded)
        {
            return exitCode;
        }

        outbox.Say(new AgentMessage { Bye = new Bye { Reason = string.Create(CultureInfo.InvariantCulture, $"the pod is over, {exitCode}") } });
        await FinalReport.DeliverAsync(configuration, outbox, time, CancellationToken.None);
        await link.FinishAsync(FinishLimit, CancellationToken.None);
        await link.StopAsync(new CancellationTokenSource(TimeSpan.FromSeconds(2)).Token);
        return exitCode;

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            host.Terminate($"the job got {context.Signal}");
        }
    }

    private static X509Certificate2? ReadAuthority(AgentConfiguration configuration)
    {
        try
        {
            return X509Certificate2.CreateFromPem(configuration.CaCertificate);
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return null;
        }
    }
}
