using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using MiniPlane.Agent.Connection;
using MiniPlane.Objects.Networking;
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
        try
        {
            configuration = AgentConfiguration.Load(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            await StandardErrorLogs.WriteLineAsync($"{path}: {exception.Message}");
            return BadConfiguration;
        }

        return await RunAsync(path, configuration, loggers);
    }

    private static async Task<int> RunAsync(string path, AgentConfiguration configuration, ILoggerFactory loggers)
    {
        // Every stream of a container blocks a thread of the pool now and then.
        ThreadPool.SetMinThreads(32, 32);
        TimeProvider time = TimeProvider.System;
        if (await JobClaim.TakeAsync(configuration.PodDirectory, JobClaim.Name, time, CancellationToken.None) is { } other)
        {
            await StandardErrorLogs.WriteLineAsync($"job {other} runs this pod; this one leaves it alone");
            return 0;
        }

        Outbox outbox = new();
        using AgentHost host = new(configuration, outbox, loggers, time);

        // What takes longest is begun first, before anything else is loaded.
        host.Foresee();
        HostTrust.HideFromRuntime();
        using X509Certificate2? authority = ReadAuthority(configuration);
        if (authority is null)
        {
            await StandardErrorLogs.WriteLineAsync($"{path}: the control plane's certificate cannot be read");
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
