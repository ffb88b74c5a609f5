using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using MiniPlane.Agent.Connection;
using MiniPlane.Objects.Processes;
using MiniPlane.Wire.Agent;
using MiniPlane.Wire.Grpc;

namespace MiniPlane.Agent;

/// <summary>
/// miniplane-agent --config FILE: runs one pod on a compute node. The order of things: read agent.json, dial the control plane, get
/// the pod, run it, report its end.
/// </summary>
internal static class Program
{
    private const int BadUsage = 64;
    private const int BadConfiguration = 78;
    private static readonly TimeSpan FinishLimit = TimeSpan.FromSeconds(3);

    private static async Task<int> Main(string[] arguments)
    {
        RuntimeFiles.Remove();
        using ILoggerFactory loggers = LoggerFactory.Create(builder => builder.AddProvider(new StandardErrorLogs(TimeProvider.System)));
        if (arguments is not ["--config", { Length: > 0 } path])
        {
            await StandardErrorLogs.WriteLineAsync("usage: miniplane-agent --config FILE");
            return BadUsage;
        }

        AgentConfiguration configuration;
        X509Certificate2 authority;
        try
        {
            configuration = AgentConfiguration.Load(path);
            authority = X509Certificate2.CreateFromPem(configuration.CaCertificate);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException or System.Security.Cryptography.CryptographicException)
        {
            await StandardErrorLogs.WriteLineAsync($"{path}: {exception.Message}");
            return BadConfiguration;
        }

        using (authority)
        {
            return await RunAsync(configuration, authority, loggers);
        }
    }

    private static async Task<int> RunAsync(AgentConfiguration configuration, X509Certificate2 authority, ILoggerFactory loggers)
    {
        // Every stream of a container blocks a thread of the pool now and then.
        ThreadPool.SetMinThreads(32, 32);
        TimeProvider time = TimeProvider.System;
        Outbox outbox = new();
        using AgentHost host = new(configuration, outbox, loggers, time);
        using SocketsHttpHandler http = GrpcHandlers.Pinned(authority);
        using ControlLink link = new(configuration, host.SayHello, outbox, host, http, loggers.CreateLogger<ControlLink>(), time);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);

        await link.StartAsync(CancellationToken.None);
        int exitCode = await host.RunAsync(CancellationToken.None);
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
}
